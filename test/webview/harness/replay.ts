// A real run in the browser: answers from what recorded.ts has read.
import { packDeltas } from '../../../protocol/deltas.ts';
import type { PointsChunk, RunEvent, SeriesInfo } from '../../../protocol/view.ts';
import { bytesOf, rangeOf } from './chunks.ts';
import type { Recorded } from './recorded.ts';
import type { Answers } from './recording.ts';

interface Columns {
  steps: Float64Array;
  times: Float64Array;
  values: Float32Array;
  /** Null: scalars. */
  lengths: Uint32Array | null;
}

const noColumns: Columns = {
  steps: new Float64Array(0),
  times: new Float64Array(0),
  values: new Float32Array(0),
  lengths: null,
};

export class Replay implements Answers {
  readonly events: RunEvent[];
  offset = 0;
  readonly #series = new Map<string, Columns>();

  constructor({ series, events }: Recorded) {
    this.events = events;
    for (const { tag, steps, times, values, lengths } of series) {
      this.#series.set(tag, {
        steps: new Float64Array(decode(steps)),
        times: new Float64Array(decode(times)),
        values: new Float32Array(decode(values)),
        lengths: lengths === '' ? null : new Uint32Array(decode(lengths)),
      });
    }
  }

  info(): SeriesInfo[] {
    return [...this.#series].map(([tag, { steps, values, lengths }]) => ({
      tag,
      width: lengths ? Math.max(...lengths) : 1,
      points: steps.length,
      last: lengths ? null : (values.at(-1) ?? NaN),
    }));
  }

  points(tag: string, from: number, most: number): PointsChunk {
    const { steps, times, values, lengths } = this.#series.get(tag) ?? noColumns;
    const end = Math.min(steps.length, from + most);
    return {
      from,
      total: steps.length,
      count: Math.max(0, end - from),
      steps: packDeltas(steps.subarray(from, end)),
      times: packDeltas(times.subarray(from, end)),
      values: bytesOf(values.subarray(...rangeOf(lengths, from, end))),
      lengths: lengths ? bytesOf(lengths.subarray(from, end)) : new Uint8Array(0),
    };
  }

  values(tag: string): Float32Array {
    return (this.#series.get(tag) ?? noColumns).values;
  }
}

function decode(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
