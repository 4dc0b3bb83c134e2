import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineMethods, HostMethods, RunEnd } from '../../../protocol/engine.ts';
import { Rpc } from '../../../protocol/rpc.ts';
import { SocketTransport } from '../../../runtime/socket.ts';
import { environment, root, Workplace } from '../fixtures/cli.ts';

const interrupts = 300;

test('no interrupt is lost in finalizers and callbacks', async (t) => {
  const place = new Workplace();
  t.after(() => {
    place.remove();
  });
  const script = place.write(
    'script.py',
    `
import weakref

class Tensor:
    def __del__(self):
        for i in range(20): pass

kept = weakref.WeakValueDictionary()
for i in range(${interrupts}):
    try:
        print('ready')
        while True:
            tensor = Tensor()
            kept[1] = tensor
    except KeyboardInterrupt:
        pass
`,
  );
  const socketPath = path.join(place.folder, 'engine.sock');
  const child = spawn(process.execPath, [path.join(root, 'dist/engine.mjs'), socketPath], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let end: RunEnd | null = null;
  const engine = new Rpc<HostMethods, EngineMethods>(new SocketTransport(await connected(socketPath)), {
    output: ({ bytes }) => {
      output += Buffer.from(bytes).toString();
    },
    measured: () => undefined,
    input: () => new Uint8Array(0),
    finished: (result) => {
      end = result;
    },
  });
  await engine.call('start', {
    script,
    scriptArgument: script,
    arguments: [],
    cwd: place.folder,
    environment: {},
    device: 'cpu',
    threads: null,
    folder: null,
    record: false,
    terminals: { stdin: false, stdout: false, stderr: false },
    terminalSize: { columns: 80, rows: 24 },
  });
  const lines = () => output.split('\n').length - 1;
  for (let i = 1; i <= interrupts; i++) {
    for (let wait = 0; lines() < i; wait++) {
      assert.ok(wait < 30_000, `interrupt ${i - 1} is lost:\n${output.slice(-2000)}`);
      await sleep(1);
    }
    assert.ok((await engine.call('interrupt', null)).delivered);
  }
  await engine.closed;
  assert.equal(output, 'ready\n'.repeat(interrupts));
  assert.deepEqual(end, { exitCode: 0, error: null, steps: 0 });
});

async function connected(socketPath: string) {
  for (;;) {
    const socket = connect(socketPath);
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (isUp) return socket;
    await sleep(10);
  }
}
