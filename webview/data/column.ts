// One series as it grows: typed arrays that are appended to and never rewritten.
import { unpackDeltas } from '../../protocol/deltas.ts';
import type { PointsChunk } from '../../protocol/view.ts';
import { Pyramid } from './pyramid.ts';

export class Column {
  count = 0;
  steps: Float64Array = new Float64Array(0);
  /** Seconds since 1970, made never to fall: a computer's clock may be set back. */
  times: Float64Array = new Float64Array(0);
  /** The points' values, one after the other. */
  values: Float32Array = new Float32Array(0);
  /** Of a vector's series: where each point's values start, and behind the last where they end. */
  offsets: Uint32Array | null = null;
  /** Of a scalar series. */
  readonly pyramid = new Pyramid();
  /** Which points hold a value that is not finite. */
  readonly nonFinite: number[] = [];
  /** The least finite value above zero; Infinity where there is none. */
  least = Infinity;
  /** The greatest length of a vector so far; 1 for scalars. */
  width = 1;

  /** @throws RangeError where the chunk does not continue the column or contradicts itself */
  append(chunk: PointsChunk): void {
    if (chunk.from !== this.count) {
      throw new RangeError(`points from ${chunk.from} do not follow the ${this.count} before them`);
    }
    if (chunk.count === 0) return;
    const steps = unpackDeltas(chunk.steps, chunk.count);
    const times = unpackDeltas(chunk.times, chunk.count);
    const isVector = chunk.lengths.length > 0;
    const lengths = isVector ? new Uint32Array(aligned(chunk.lengths, chunk.count)) : null;
    const valueCount = lengths ? lengths.reduce((sum, length) => sum + length, 0) : chunk.count;
    const values = new Float32Array(aligned(chunk.values, valueCount));
    const before = this.count;
    const valuesBefore = this.offsets ? (this.offsets[before] as number) : before;
    const count = before + chunk.count;
    this.steps = room(this.steps, count, Float64Array);
    this.times = room(this.times, count, Float64Array);
    this.values = room(this.values, valuesBefore + valueCount, Float32Array);
    this.steps.set(steps, before);
    this.values.set(values, valuesBefore);
    let latest = before ? (this.times[before - 1] as number) : -Infinity;
    for (let i = 0; i < chunk.count; i++) {
      latest = Math.max(latest, times[i] as number);
      this.times[before + i] = latest;
    }
    if (lengths) this.#appendOffsets(lengths, before, valuesBefore);
    else this.pyramid.grow(this.values, count);
    this.#noteNonFinite(values, lengths, before);
    this.least = Math.min(this.least, leastPositive(values));
    this.count = count;
  }

  /** Where the values of point `index` start, and those of the one before end. */
  offsetOf(index: number): number {
    return this.offsets ? (this.offsets[index] as number) : index;
  }

  /** The values of point `index` (a view; one value for a scalar series). */
  vector(index: number): Float32Array {
    return this.values.subarray(this.offsetOf(index), this.offsetOf(index + 1));
  }

  /** Bytes held. */
  get bytes(): number {
    return (
      this.steps.byteLength + this.times.byteLength + this.values.byteLength + (this.offsets?.byteLength ?? 0)
    );
  }

  #appendOffsets(lengths: Uint32Array, before: number, valuesBefore: number): void {
    const offsets = room(this.offsets ?? new Uint32Array(1), before + lengths.length + 1, Uint32Array);
    let end = valuesBefore;
    for (const [i, length] of lengths.entries()) {
      end += length;
      offsets[before + i + 1] = end;
      if (length > this.width) this.width = length;
    }
    this.offsets = offsets;
  }

  #noteNonFinite(values: Float32Array, lengths: Uint32Array | null, before: number): void {
    let at = 0;
    const points = lengths ? lengths.length : values.length;
    for (let i = 0; i < points; i++) {
      const end = at + (lengths ? (lengths[i] as number) : 1);
      let isFinite = true;
      for (; at < end; at++) isFinite &&= Number.isFinite(values[at]);
      if (!isFinite) this.nonFinite.push(before + i);
    }
  }
}

/** The least finite number above zero; Infinity where there is none. */
export function leastPositive(values: Float32Array): number {
  let least = Infinity;
  for (const value of values) if (value > 0 && value < least) least = value;
  return least;
}

/** The bytes as a buffer of their own, whatever buffer and offset they came with. */
function aligned(bytes: Uint8Array, count: number): ArrayBuffer {
  if (bytes.byteLength !== 4 * count) {
    throw new RangeError(`${bytes.byteLength} bytes for ${count} numbers of 4 bytes`);
  }
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** The array itself where `length` fits, else a larger copy. */
function room<A extends Float64Array | Float32Array | Uint32Array>(
  array: A,
  length: number,
  Kind: new (length: number) => A,
): A {
  if (length <= array.length) return array;
  const larger = new Kind(Math.max(length, array.length * 2, 64));
  larger.set(array);
  return larger;
}
