// Ten times a second: what the native side has measured goes to the run log, and only then to the host. What a person
// sees is always a prefix of what is on disk.
import type { Measurement } from '../../protocol/engine.ts';
import type { EngineControl, TrainerState } from '../addon.ts';
import { TelemetryReader } from '../log/telemetry.ts';
import { RunLogWriter } from '../store/run-log-writer.ts';

const periodMilliseconds = 100;

export interface PumpListener {
  /** They are on disk. Histograms are only there. */
  measured: (measurements: Measurement[]) => void;
  /** After each round, with how the trainer stood before: all of its steps up to there have been measured. */
  pumped: (trainer: TrainerState) => void;
  /** The log can no longer be written. */
  failed: (message: string) => void;
}

type RecordSource = Pick<EngineControl, 'drain' | 'recordBytes' | 'trainerState'>;

export class TelemetryPump {
  /** Steps seen so far. */
  steps = 0;
  readonly #addon: RecordSource;
  /** Where records are drained to; only as much of it as ever was is memory. */
  readonly #drained: Uint8Array;
  readonly #listener: PumpListener;
  readonly #reader = new TelemetryReader();
  readonly #timer: NodeJS.Timeout;
  readonly #log: RunLogWriter | null;

  /** @param folder where the event file goes; null: nowhere. @throws where it cannot be made */
  constructor(addon: RecordSource, folder: string | null, started: Date, listener: PumpListener) {
    this.#addon = addon;
    this.#drained = new Uint8Array(addon.recordBytes());
    this.#listener = listener;
    this.#log = folder === null ? null : new RunLogWriter(folder, started.getTime() / 1000, listener.failed);
    this.#timer = setInterval(() => {
      this.#pump();
    }, periodMilliseconds);
  }

  /** Takes the rest, then closes the log. */
  close(): void {
    clearInterval(this.#timer);
    this.#pump();
    this.#log?.close();
  }

  #pump(): void {
    const trainer = this.#addon.trainerState();
    for (let bytes = this.#drain(); bytes > 0; bytes = this.#drain()) {
      for (const measurements of this.#reader.read(this.#drained.subarray(0, bytes))) {
        if (measurements.length === 0) continue;
        for (const { kind } of measurements) if (kind === 'step') this.steps++;
        this.#log?.append(measurements);
        const told = measurements.filter(({ histograms }) => histograms === undefined);
        if (told.length > 0) this.#listener.measured(told);
      }
    }
    this.#listener.pumped(trainer);
  }

  #drain(): number {
    return this.#addon.drain(this.#drained);
  }
}
