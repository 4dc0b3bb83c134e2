// NumPy's file of one array: a head that says what it is, then the elements row by row.
import { elementKind, widened } from './elements.ts';

const alignment = 64;

/** @param pieces the elements' bytes, row by row, as the tensor has them; bfloat16, which NumPy has not, becomes float32 */
export function npyOf(dtype: string, shape: readonly number[], pieces: readonly Uint8Array[]): Uint8Array {
  const { numpy } = elementKind(dtype);
  const head = headOf(numpy ?? '<f4', shape);
  const parts = numpy === null ? pieces.map(asFloat32) : pieces;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, head.length));
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function asFloat32(piece: Uint8Array): Uint8Array {
  return new Uint8Array(widened(piece.slice().buffer).buffer);
}

function headOf(descr: string, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0] as number},` : shape.join(', ');
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const fixed = 10; // magic, version, length
  const length = Math.ceil((fixed + dict.length + 1) / alignment) * alignment - fixed;
  const head = new Uint8Array(fixed + length);
  head.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8]);
  head.set(new TextEncoder().encode(`${dict.padEnd(length - 1)}\n`), fixed);
  return head;
}
