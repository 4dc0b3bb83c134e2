import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { GrowingBytes } from '../../runtime/growing-bytes.ts';

test('what was there stays while it grows, text comes as UTF-8', () => {
  const bytes = new GrowingBytes();
  for (let i = 0; i < 1000; i++) {
    const at = bytes.extend(4);
    assert.equal(at, 4 * i);
    bytes.buffer.writeUInt32LE(i, at);
  }
  bytes.text('größer');
  assert.equal(bytes.length, 4008);
  for (let i = 0; i < 1000; i++) assert.equal(bytes.buffer.readUInt32LE(4 * i), i);
  assert.equal(bytes.buffer.toString('utf8', 4000, 4008), 'größer');
});

test('it goes to a file in one piece, and the memory is used again', (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
  const file = path.join(folder, 'bytes');
  const fd = openSync(file, 'w');
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const bytes = new GrowingBytes();
  bytes.text('first '.repeat(1000));
  const { buffer } = bytes;
  bytes.flushTo(fd);
  bytes.text('second');
  bytes.flushTo(fd);
  bytes.flushTo(fd);
  closeSync(fd);
  assert.equal(bytes.buffer, buffer);
  assert.equal(readFileSync(file, 'utf8'), `${'first '.repeat(1000)}second`);
  bytes.text('third');
  assert.throws(() => {
    bytes.flushTo(fd);
  }, /EBADF/);
  assert.equal(bytes.length, 0);
});
