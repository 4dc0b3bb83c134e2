import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidates, chooseScript, trains } from '../../extension/script/choice.ts';
import { analyse, type SourceFacts } from '../../extension/script/source.ts';

const trainer = 'import torch\nfrom model import Model\nfor x in y:\n    loss.backward()\n';
const model = 'import torch\nclass Model(torch.nn.Module): pass\n';
const engine = 'import torch\ndef train():\n    for x in y:\n        loss.backward()\n';
const starter = 'from lib.engine import train\ntrain()\n';

async function project(files: Record<string, string>): Promise<Map<string, SourceFacts>> {
  const entries = Object.entries(files).map(async ([name, text]): Promise<[string, SourceFacts]> => [
    `/p/${name}`,
    await analyse(text),
  ]);
  return new Map(await Promise.all(entries));
}

test('the file in front, where it trains', async () => {
  const files = await project({ 'a.py': trainer, 'b.py': trainer, 'model.py': model });
  assert.deepEqual(chooseScript(files, '/p/b.py', '/p/a.py'), { kind: 'script', file: '/p/b.py' });
});

test('never a module that trains nothing: the last run, the only candidate, or a pick', async () => {
  const one = await project({
    'main.py': trainer,
    'model.py': model,
    'generate.py': 'import torch\nprint(1)\ngo()\n',
  });
  assert.deepEqual(chooseScript(one, '/p/model.py', null), { kind: 'script', file: '/p/main.py' });
  const two = await project({ 'a.py': trainer, 'b.py': trainer, 'model.py': model });
  assert.deepEqual(chooseScript(two, '/p/model.py', '/p/b.py'), { kind: 'script', file: '/p/b.py' });
  assert.deepEqual(chooseScript(two, null, '/p/gone.py'), { kind: 'pick', files: ['/p/a.py', '/p/b.py'] });
  assert.deepEqual(chooseScript(await project({ 'model.py': model }), '/p/model.py', null), { kind: 'none' });
});

test('the loop may be in a file that is imported, from a package too; that file alone trains nothing', async () => {
  const files = await project({ 'main.py': starter, 'lib/engine.py': engine });
  assert.equal(trains(files, '/p/main.py'), true);
  assert.equal(trains(files, '/p/lib/engine.py'), false);
  const relative = await project({
    'lib/main.py': 'from .engine import train\ntrain()\n',
    'lib/engine.py': engine,
  });
  assert.deepEqual(candidates(relative), ['/p/lib/main.py']);
  const packaged = await project({
    'main.py': 'from lib import train\ntrain()\n',
    'lib/__init__.py': 'from .engine import train\n',
    'lib/engine.py': engine,
  });
  assert.deepEqual(candidates(packaged), ['/p/main.py']);
});

test('a script with a loop of its own goes before those that only reach one', async () => {
  const files = await project({ 'train.py': trainer, 'evaluate.py': 'import train\ntrain.check()\n' });
  assert.deepEqual(candidates(files), ['/p/train.py']);
});

test('files that import one another end', async () => {
  const files = await project({ 'a.py': 'import b\ngo()\n', 'b.py': 'import a\ngo()\n' });
  assert.deepEqual(chooseScript(files, '/p/a.py', null), { kind: 'none' });
});
