// Points as the host sends them.
import type { PointsChunk } from '../../../protocol/view.ts';

/** A scalar series' points at steps first, first + 1, ...; or a vector's, where values are lists. */
export function chunkOf(
  from: number,
  values: readonly (number | readonly number[])[],
  steps = values.map((_, i) => from + i + 1),
): PointsChunk {
  const bytes = (array: Float64Array | Float32Array | Uint32Array) => new Uint8Array(array.buffer);
  const isVector = values.some(Array.isArray);
  const lists = values.map((value) => (typeof value === 'number' ? [value] : value));
  return {
    from,
    count: values.length,
    total: from + values.length,
    steps: bytes(Float64Array.from(steps)),
    times: bytes(Float64Array.from(steps, (step) => 1000 + step / 2)),
    values: bytes(Float32Array.from(lists.flat())),
    lengths: isVector ? bytes(Uint32Array.from(lists, (list) => list.length)) : new Uint8Array(0),
  };
}
