// Runs made up for the pages: deterministic numbers under the tags that a real run has.
import { packDeltas } from '../../../protocol/deltas.ts';
import type { PointsChunk, RunEvent, SeriesInfo } from '../../../protocol/view.ts';
import { bytesOf, rangeOf } from './chunks.ts';

export const startTime = 1_764_000_000;

/** One series: points in columns, as a host holds them. */
interface Series {
  steps: number[];
  times: number[];
  values: number[];
  lengths: number[] | null;
}

/** What a host answers of a run. */
export interface Answers {
  readonly events: RunEvent[];
  offset: number;
  info(): SeriesInfo[];
  points(tag: string, from: number, most: number): PointsChunk;
  values(tag: string): Float32Array;
}

export class Recording implements Answers {
  readonly events: RunEvent[] = [];
  /** Added to losses as they are read: runs that are compared lie apart. */
  offset = 0;
  readonly #series = new Map<string, Series>();

  scalar(tag: string, step: number, value: number): void {
    this.#add(tag, step, [value], false);
  }

  vector(tag: string, step: number, values: number[]): void {
    this.#add(tag, step, values, true);
  }

  event(step: number, kind: string, text: string): void {
    this.events.push({ step, time: timeOf(step), kind, text });
  }

  /** A series of `count` points, one a step, computed when they are asked for: a long run costs no memory. */
  readonly computed = new Map<string, { count: number; value: (step: number) => number }>();

  info(): SeriesInfo[] {
    const stored = [...this.#series].map(([tag, { steps, values, lengths }]) => ({
      tag,
      width: lengths ? Math.max(...lengths) : 1,
      points: steps.length,
      last: lengths ? null : Math.fround(values.at(-1) ?? NaN),
    }));
    const made = [...this.computed].map(([tag, { count, value }]) => ({
      tag,
      width: 1,
      points: count,
      last: Math.fround(value(count)),
    }));
    return [...stored, ...made];
  }

  points(tag: string, from: number, most: number): PointsChunk {
    const made = this.computed.get(tag);
    if (made) {
      const count = Math.max(0, Math.min(most, made.count - from));
      const steps = Array.from({ length: count }, (_, i) => from + i + 1);
      return chunk(from, made.count, steps, steps.map(timeOf), steps.map(made.value), null);
    }
    const series = this.#series.get(tag) ?? { steps: [], times: [], values: [], lengths: null };
    const end = Math.min(series.steps.length, from + most);
    const { lengths } = series;
    const [start, stop] = rangeOf(lengths, from, end);
    return chunk(
      from,
      series.steps.length,
      series.steps.slice(from, end),
      series.times.slice(from, end),
      series.values
        .slice(start, stop)
        .map((value) => (tag.startsWith('loss/') ? value + this.offset : value)),
      lengths ? lengths.slice(from, end) : null,
    );
  }

  values(tag: string): Float32Array {
    const made = this.computed.get(tag);
    if (made) return Float32Array.from({ length: made.count }, (_, i) => made.value(i + 1));
    return Float32Array.from(this.#series.get(tag)?.values ?? []);
  }

  #add(tag: string, step: number, values: number[], isVector: boolean): void {
    let series = this.#series.get(tag);
    if (!series) {
      series = { steps: [], times: [], values: [], lengths: isVector ? [] : null };
      this.#series.set(tag, series);
    }
    series.steps.push(step);
    series.times.push(timeOf(step));
    series.values.push(...values);
    series.lengths?.push(values.length);
  }
}

/** 26 steps a second, evaluations not counted. */
export const timeOf = (step: number) => startTime + 3 + step / 26;

function chunk(
  from: number,
  total: number,
  steps: number[],
  times: number[],
  values: number[],
  lengths: number[] | null,
): PointsChunk {
  return {
    from,
    total,
    count: steps.length,
    steps: packDeltas(Float64Array.from(steps)),
    times: packDeltas(Float64Array.from(times)),
    values: bytesOf(Float32Array.from(values)),
    lengths: lengths ? bytesOf(Uint32Array.from(lengths)) : new Uint8Array(0),
  };
}
