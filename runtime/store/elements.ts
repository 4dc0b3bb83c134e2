// The elements of a tensor in a file, by dtype as safetensors names them: how many bytes, what Python calls them, and their
// values as numbers.
import { float16 } from '../../protocol/half.ts';

/** Reads the `i`-th element. */
export type Elements = (i: number) => number;

export interface ElementKind {
  bytes: number;
  /** As torch names the dtype. */
  name: string;
  /** Of a buffer that holds nothing else. */
  of: (data: ArrayBuffer) => Elements;
}

function of(array: ArrayLike<number>): Elements {
  return (i) => array[i] as number;
}

function converted<T>(array: ArrayLike<T>, convert: (value: T) => number): Elements {
  return (i) => convert(array[i] as T);
}

/** 64-bit integers past 2^53 lose their last digits as numbers. */
export const elementKinds: Readonly<Record<string, ElementKind>> = {
  F64: { bytes: 8, name: 'float64', of: (data) => of(new Float64Array(data)) },
  F32: { bytes: 4, name: 'float32', of: (data) => of(new Float32Array(data)) },
  F16: { bytes: 2, name: 'float16', of: (data) => converted(new Uint16Array(data), float16) },
  BF16: { bytes: 2, name: 'bfloat16', of: (data) => converted(new Uint16Array(data), brain) },
  I64: { bytes: 8, name: 'int64', of: (data) => converted(new BigInt64Array(data), Number) },
  I32: { bytes: 4, name: 'int32', of: (data) => of(new Int32Array(data)) },
  I16: { bytes: 2, name: 'int16', of: (data) => of(new Int16Array(data)) },
  I8: { bytes: 1, name: 'int8', of: (data) => of(new Int8Array(data)) },
  U8: { bytes: 1, name: 'uint8', of: (data) => of(new Uint8Array(data)) },
  BOOL: { bytes: 1, name: 'bool', of: (data) => of(new Uint8Array(data)) },
};

/** The upper half of a binary32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(2, bits, true);
  return view.getFloat32(0, true);
}
