// What a run measures, on its way to the disk: to the event file, then to the column cache. Neither holds the training
// up: where one can no longer be written, that is said once and the run goes on.
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Measurement } from '../../protocol/engine.ts';
import { floatsOf } from '../../protocol/floats.ts';
import { EventFileWriter } from '../log/event-file.ts';
import { splitEvent } from '../log/event-message.ts';
import { ColumnWriter } from './column-writer.ts';
import { columnsFolder } from './columns.ts';

export class RunLogWriter {
  readonly #say: (message: string) => void;
  readonly #cacheFolder: string;
  #log: EventFileWriter | null;
  #cache: ColumnWriter | null = null;

  /** @throws where the event file cannot be made */
  constructor(folder: string, startSeconds: number, say: (message: string) => void) {
    this.#say = say;
    this.#cacheFolder = path.join(folder, columnsFolder);
    const log = new EventFileWriter(folder, startSeconds);
    this.#log = log;
    this.#toCache(() => {
      this.#cache = new ColumnWriter(this.#cacheFolder, path.basename(log.path));
      this.#cache.commit(log.size);
    });
  }

  append(measurements: readonly Measurement[]): void {
    this.#toLog((log) => {
      log.append(measurements);
      this.#toCache(() => {
        if (!this.#cache) return;
        for (const measurement of measurements) add(this.#cache, measurement);
        this.#cache.commit(log.size);
      });
    });
  }

  close(): void {
    this.#toLog((log) => {
      log.close();
    });
    this.#toCache(() => this.#cache?.close());
    this.#log = this.#cache = null;
  }

  #toLog(write: (log: EventFileWriter) => void): void {
    if (!this.#log) return;
    try {
      write(this.#log);
    } catch (error) {
      this.#log = null;
      this.#say(`the run log cannot be written any more (${(error as Error).message}); the training goes on`);
    }
  }

  #toCache(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#cache?.abandon();
      this.#cache = null;
      // Readers that find none read the event file.
      rmSync(this.#cacheFolder, { recursive: true, force: true });
      this.#say(
        `the cache of the run log cannot be written (${(error as Error).message}); the log is complete`,
      );
    }
  }
}

function add(cache: ColumnWriter, measurement: Measurement): void {
  const { step, wallTime, scalars, vectors, histograms, text } = measurement;
  for (const tag in scalars) cache.add(tag, scalars[tag] as number);
  for (const tag in vectors) cache.add(tag, vectors[tag] as number[]);
  for (const tag in histograms) cache.add(tag, floatsOf(histograms[tag] as Uint8Array));
  cache.end(step, wallTime);
  if (text !== undefined) cache.event(step, wallTime, ...splitEvent(text));
}
