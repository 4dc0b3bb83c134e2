// Ten times a second: what the native side has measured goes to the run log, and only then to the host. What a person
// sees is always a prefix of what is on disk.
import type { Measurement } from '../../protocol/engine.ts';
import type { EngineControl, TrainerState } from '../addon.ts';
import { EventFileWriter } from '../log/event-file.ts';
import { TelemetryReader } from '../log/telemetry.ts';

const periodMilliseconds = 100;

export interface PumpListener {
  measured: (measurements: Measurement[]) => void;
  /** After each round, with what it took and how the trainer stood before: all of its steps up to there are on disk. */
  pumped: (measurements: Measurement[], trainer: TrainerState) => void;
  /** The log can no longer be written; the run goes on without it. */
  failed: (message: string) => void;
}

export class TelemetryPump {
  /** Steps seen so far. */
  steps = 0;
  readonly #addon: Pick<EngineControl, 'drain' | 'trainerState'>;
  readonly #listener: PumpListener;
  readonly #reader = new TelemetryReader();
  readonly #timer: NodeJS.Timeout;
  #log: EventFileWriter | null;

  /** @param folder where the event file goes; null: nowhere. @throws where it cannot be made */
  constructor(
    addon: Pick<EngineControl, 'drain' | 'trainerState'>,
    folder: string | null,
    started: Date,
    listener: PumpListener,
  ) {
    this.#addon = addon;
    this.#listener = listener;
    this.#log = folder === null ? null : new EventFileWriter(folder, started.getTime() / 1000);
    this.#timer = setInterval(() => {
      this.#pump();
    }, periodMilliseconds);
  }

  /** Takes the rest, then closes the log. */
  close(): void {
    clearInterval(this.#timer);
    this.#pump();
    this.#toLog((log) => {
      log.close();
    });
    this.#log = null;
  }

  #pump(): void {
    const trainer = this.#addon.trainerState();
    const all: Measurement[] = [];
    for (let bytes = this.#addon.drain(); bytes !== null && bytes.length > 0; bytes = this.#addon.drain()) {
      const measurements = this.#reader.read(bytes);
      for (const { kind } of measurements) if (kind === 'step') this.steps++;
      this.#toLog((log) => {
        log.append(measurements);
      });
      if (measurements.length > 0) this.#listener.measured(measurements);
      all.push(...measurements);
    }
    this.#listener.pumped(all, trainer);
  }

  #toLog(write: (log: EventFileWriter) => void): void {
    if (!this.#log) return;
    try {
      write(this.#log);
    } catch (error) {
      this.#listener.failed(`the run log cannot be written any more (${(error as Error).message})`);
      this.#log = null;
    }
  }
}
