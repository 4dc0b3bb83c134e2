// A real run in the browser: answers from what recorded.ts has read.
import type { PointsChunk, RunEvent, SeriesInfo } from '../../../protocol/view.ts';
import type { Recorded } from './recorded.ts';
import type { Answers } from './recording.ts';

interface Columns {
  steps: Float64Array;
  times: Float64Array;
  values: Float32Array;
  lengths: Uint32Array;
}

export class Replay implements Answers {
  readonly events: RunEvent[];
  offset = 0;
  readonly #series = new Map<string, Columns>();

  constructor({ series, events }: Recorded) {
    // NaN and Infinity have no place in JSON, and events hold none.
    this.events = events;
    for (const { tag, steps, times, values, lengths } of series) {
      this.#series.set(tag, {
        steps: new Float64Array(bytesOf(steps)),
        times: new Float64Array(bytesOf(times)),
        values: new Float32Array(bytesOf(values)),
        lengths: new Uint32Array(bytesOf(lengths)),
      });
    }
  }

  info(): SeriesInfo[] {
    return [...this.#series].map(([tag, { steps, values, lengths }]) => ({
      tag,
      width: lengths.length > 0 ? Math.max(...lengths) : 1,
      points: steps.length,
      last: lengths.length > 0 ? null : (values.at(-1) ?? NaN),
    }));
  }

  points(tag: string, from: number, most: number): PointsChunk {
    const none = { steps: new Float64Array(0), times: new Float64Array(0), values: new Float32Array(0) };
    const { steps, times, values, lengths } = this.#series.get(tag) ?? {
      ...none,
      lengths: new Uint32Array(0),
    };
    const end = Math.min(steps.length, from + most);
    const sum = (numbers: Uint32Array) => numbers.reduce((a, b) => a + b, 0);
    const isVector = lengths.length > 0;
    const first = isVector ? sum(lengths.subarray(0, from)) : from;
    const last = isVector ? first + sum(lengths.subarray(from, end)) : end;
    const bytes = (array: Float64Array | Float32Array | Uint32Array) => new Uint8Array(array.slice().buffer);
    return {
      from,
      total: steps.length,
      count: Math.max(0, end - from),
      steps: bytes(steps.subarray(from, end)),
      times: bytes(times.subarray(from, end)),
      values: bytes(values.subarray(first, last)),
      lengths: bytes(lengths.subarray(from, end)),
    };
  }

  values(tag: string): Float32Array {
    return this.#series.get(tag)?.values ?? new Float32Array(0);
  }
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
