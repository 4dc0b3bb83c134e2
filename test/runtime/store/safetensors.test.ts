import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { SafetensorsError, SafetensorsFile } from '../../../runtime/store/safetensors.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(header: unknown, data: Uint8Array): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const name = path.join(folder, 'x.safetensors');
  writeFileSync(name, Buffer.concat([length, json, data]));
  return name;
}

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const w = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };

test('tensors and metadata are read', () => {
  const data = Buffer.concat([f32(1, 2, 3, -4), Buffer.from(BigInt64Array.of(-5n).buffer)]);
  const header = { __metadata__: { step: '12' }, w, n: { dtype: 'I64', shape: [], data_offsets: [16, 24] } };
  const opened = new SafetensorsFile(file(header, data));
  assert.deepEqual([...opened.tensors.keys()], ['w', 'n']);
  assert.deepEqual(opened.metadata, { step: '12' });
  const [first, second] = [...opened.tensors.values()];
  assert.ok(first && second);
  assert.deepEqual([...new Float32Array(opened.read(first))], [1, 2, 3, -4]);
  assert.deepEqual([...new BigInt64Array(opened.read(second))], [-5n]);
  opened.close();
});

for (const [what, header, size] of [
  ['not JSON', '{', 0],
  ['not an object', [], 0],
  ['an unknown dtype', { w: { ...w, dtype: 'F7' } }, 16],
  ['an inherited name as dtype', { w: { ...w, dtype: 'toString' } }, 16],
  ['a negative size', { w: { ...w, shape: [-2, -2] } }, 16],
  ['a shape that overflows', { w: { ...w, shape: [2 ** 40, 2 ** 40] } }, 16],
  ['a shape that does not fit', { w: { ...w, shape: [2, 3] } }, 16],
  ['data past the end', { w }, 15],
  ['data that nobody claims', { w }, 17],
  ['a gap', { w: { ...w, data_offsets: [4, 20] } }, 20],
  ['shared bytes', { w, v: w }, 16],
] as const) {
  test(`refused: ${what}`, () => {
    assert.throws(() => new SafetensorsFile(file(header, new Uint8Array(size))), SafetensorsError);
  });
}

test('a header longer than the file is refused before memory is taken for it', () => {
  const name = path.join(folder, 'long');
  for (const length of [9n, 100_000_001n, 2n ** 63n]) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(length);
    writeFileSync(name, bytes);
    assert.throws(() => new SafetensorsFile(name), /the header is too long/);
  }
  writeFileSync(name, Buffer.alloc(3));
  assert.throws(() => new SafetensorsFile(name), /ends too early/);
});
