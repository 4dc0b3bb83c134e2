import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { claim, isMine, take } from '../../extension/run/ownership.ts';

test('one window drives a run; one that is gone is followed by the next; one may be relieved', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
  const socket = path.join(folder, '1-a.sock');
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  try {
    assert.equal(isMine(socket), false);
    writeFileSync(`${socket}.host`, String(other.pid));
    assert.equal(claim(socket), false);
    assert.equal(isMine(socket), false);
    other.kill();
    await once(other, 'exit');
    assert.equal(claim(socket), true);
    assert.equal(claim(socket), true);
    assert.equal(isMine(socket), true);
    writeFileSync(`${socket}.host`, 'nonsense');
    assert.equal(claim(socket), true);
    writeFileSync(`${socket}.host`, String(process.ppid));
    assert.equal(isMine(socket), false);
    take(socket);
    assert.equal(isMine(socket), true);
  } finally {
    other.kill();
    rmSync(folder, { recursive: true });
  }
});
