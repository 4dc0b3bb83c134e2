import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { placeOfSocket, privateFolder } from '../../runtime/private-folder.ts';

test('a socket is an engine’s by its name and by a folder that is only this user’s', () => {
  const socket = path.join(privateFolder(), '12-0af.sock');
  assert.deepEqual(placeOfSocket(socket), { pid: 12, socket, log: socket.replace('.sock', '.log') });
  const open = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
  try {
    chmodSync(open, 0o755);
    const wrong = [path.join(open, '12-0af.sock'), '/run/12-0af.sock', '/nowhere/12-0af.sock'];
    for (const name of [...wrong, path.join(privateFolder(), 'docker.sock')]) {
      assert.throws(() => placeOfSocket(name), /no engine's socket/, name);
    }
  } finally {
    rmSync(open, { recursive: true });
  }
});
