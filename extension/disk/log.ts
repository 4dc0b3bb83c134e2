// A run's log in memory, read from its event file and followed as that grows.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { PointsChunk, RunEvent, SeriesInfo } from '../../protocol/view.ts';
import { readEvents } from '../../runtime/log/event-file.ts';
import { findEventFile } from '../../runtime/store/run-folder.ts';

interface Series {
  steps: number[];
  times: number[];
  values: number[];
  /** Of each point, where the series is a vector's. */
  lengths: number[] | null;
  width: number;
  /** Where each point's values start. */
  starts: number[];
}

export class MemoryLog {
  readonly #folder: string;
  readonly #series = new Map<string, Series>();
  readonly #events: RunEvent[] = [];
  #read = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what has been appended. @throws where it cannot be read */
  refresh(): void {
    const file = findEventFile(this.#folder);
    if (file === null) return;
    const fd = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(fstatSync(fd).size - this.#read);
      const length = readSync(fd, bytes, 0, bytes.length, this.#read);
      const { events, end } = readEvents(bytes.subarray(0, length));
      this.#read += end;
      for (const { step, wallTime, scalars, vectors, texts } of events) {
        for (const [tag, value] of scalars) this.#add(tag, step, wallTime, [value], false);
        for (const [tag, values] of vectors) this.#add(tag, step, wallTime, values, true);
        for (const [tag, text] of texts) {
          this.#events.push({ step, time: wallTime, kind: tag.replace(/^event\//, ''), text });
        }
      }
    } finally {
      closeSync(fd);
    }
  }

  series(): SeriesInfo[] {
    return [...this.#series].map(([tag, { width, steps, lengths, values }]) => ({
      tag,
      width,
      points: steps.length,
      last: lengths ? null : (values.at(-1) ?? null),
    }));
  }

  points(tag: string, from: number): PointsChunk {
    const { steps, times, values, lengths, starts } = this.#series.get(tag) ?? emptySeries(false);
    const bytes = (array: Float64Array | Float32Array | Uint32Array) => new Uint8Array(array.buffer);
    return {
      from,
      count: Math.max(0, steps.length - from),
      total: steps.length,
      steps: bytes(Float64Array.from(steps.slice(from))),
      times: bytes(Float64Array.from(times.slice(from))),
      values: bytes(Float32Array.from(values.slice(starts[from] ?? values.length))),
      lengths: bytes(Uint32Array.from(lengths?.slice(from) ?? [])),
    };
  }

  events(from: number): RunEvent[] {
    return this.#events.slice(from);
  }

  lastValue(tag: string): { step: number; value: number } | null {
    const series = this.#series.get(tag);
    const [step, value] = [series?.steps.at(-1), series?.values.at(-1)];
    return step === undefined || value === undefined ? null : { step, value };
  }

  #add(tag: string, step: number, time: number, values: ArrayLike<number>, isVector: boolean): void {
    let series = this.#series.get(tag);
    if (!series) this.#series.set(tag, (series = emptySeries(isVector)));
    series.starts.push(series.values.length);
    series.steps.push(step);
    series.times.push(time);
    for (const value of Array.from(values)) series.values.push(value);
    series.lengths?.push(values.length);
    series.width = Math.max(series.width, values.length);
  }
}

function emptySeries(isVector: boolean): Series {
  return { steps: [], times: [], values: [], lengths: isVector ? [] : null, width: 1, starts: [] };
}
