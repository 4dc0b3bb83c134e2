// Points as the host sends them.
import { packDeltas } from '../../../protocol/deltas.ts';
import type { PointsChunk } from '../../../protocol/view.ts';

export const bytesOf = (array: Float32Array | Uint32Array) => new Uint8Array(array.slice().buffer);

/** Where the values of the points `from` to `end` lie; `lengths`: of vectors, one a point; null: scalars. */
export function rangeOf(lengths: Iterable<number> | null, from: number, end: number): [number, number] {
  if (lengths === null) return [from, end];
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  const all = [...lengths];
  const start = sum(all.slice(0, from));
  return [start, start + sum(all.slice(from, end))];
}

/** A scalar series' points at steps first, first + 1, ...; or a vector's, where values are lists. */
export function chunkOf(
  from: number,
  values: readonly (number | readonly number[])[],
  steps = values.map((_, i) => from + i + 1),
): PointsChunk {
  const isVector = values.some(Array.isArray);
  const lists = values.map((value) => (typeof value === 'number' ? [value] : value));
  return {
    from,
    count: values.length,
    total: from + values.length,
    steps: packDeltas(Float64Array.from(steps)),
    times: packDeltas(Float64Array.from(steps, (step) => 1000 + step / 2)),
    values: bytesOf(Float32Array.from(lists.flat())),
    lengths: isVector ? bytesOf(Uint32Array.from(lists, (list) => list.length)) : new Uint8Array(0),
  };
}
