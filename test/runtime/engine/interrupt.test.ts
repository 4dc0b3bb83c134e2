import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnd } from '../../../protocol/engine.ts';
import { Workplace } from '../fixtures/cli.ts';
import { request, startEngine, until } from '../fixtures/engine.ts';

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
  let output = '';
  let end: RunEnd | null = null;
  const { rpc, exited } = await startEngine(t, {
    output: ({ bytes }) => {
      output += Buffer.from(bytes).toString();
    },
    finished: (result) => {
      end = result;
    },
  });
  await rpc.call('start', request(place, script, { record: false }));
  const lines = () => output.split('\n').length - 1;
  for (let i = 1; i <= interrupts; i++) {
    await until(() => lines() >= i, `interrupt ${i - 1} to be taken`);
    assert.ok((await rpc.call('interrupt', null)).delivered);
  }
  assert.equal((await exited).code, 0);
  assert.equal(output, 'ready\n'.repeat(interrupts));
  assert.deepEqual(end, { exitCode: 0, error: null, steps: 0 });
});
