// The elements that a tensor's bytes hold, by the dtype's name in torch.
import { float16 } from '../../protocol/half.ts';

export interface ElementKind {
  /** Of one element. */
  bytes: number;
  /** What NumPy calls it; null where NumPy has none like it. */
  numpy: string | null;
  isInteger: boolean;
  /** As numbers; 64-bit integers past 2^53 lose their last digits. */
  numbers: (data: ArrayBuffer) => Float64Array;
}

const of = (
  bytes: number,
  numpy: string,
  numbers: ElementKind['numbers'],
  isInteger = false,
): ElementKind => ({
  bytes,
  numpy,
  isInteger,
  numbers,
});

const kinds: Readonly<Record<string, ElementKind>> = {
  float64: of(8, '<f8', (data) => new Float64Array(data)),
  float32: of(4, '<f4', (data) => Float64Array.from(new Float32Array(data))),
  float16: of(2, '<f2', (data) => Float64Array.from(new Uint16Array(data), float16)),
  bfloat16: { bytes: 2, numpy: null, isInteger: false, numbers: (data) => Float64Array.from(widened(data)) },
  int64: of(8, '<i8', (data) => Float64Array.from(new BigInt64Array(data), Number), true),
  int32: of(4, '<i4', (data) => Float64Array.from(new Int32Array(data)), true),
  int16: of(2, '<i2', (data) => Float64Array.from(new Int16Array(data)), true),
  int8: of(1, '|i1', (data) => Float64Array.from(new Int8Array(data)), true),
  uint8: of(1, '|u1', (data) => Float64Array.from(new Uint8Array(data)), true),
  bool: of(1, '|b1', (data) => Float64Array.from(new Uint8Array(data)), true),
};

/** @throws where it is no dtype that cells are known of */
export function elementKind(dtype: string): ElementKind {
  const kind = kinds[dtype];
  if (!kind) throw new Error(`cells of ${dtype} cannot be shown`);
  return kind;
}

/** @throws as `elementKind`; where the bytes hold no whole number of elements */
export function numbersOf(cells: Uint8Array, dtype: string): Float64Array {
  return elementKind(dtype).numbers(cells.slice().buffer);
}

/** bfloat16 is the upper half of float32. */
export function widened(data: ArrayBuffer): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(new Uint16Array(data), (bits) => bits << 16).buffer);
}
