import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyse, importedNames } from '../../extension/script/source.ts';

const example = new URL('../../../examples/char-lm/main.py', import.meta.url);

test('the example trains in one loop, has one module, and runs', async () => {
  const text = readFileSync(example, 'utf8');
  const facts = await analyse(text);
  const lines = text.split('\n');
  assert.equal(facts.importsTorch, true);
  assert.equal(facts.runs, true);
  assert.deepEqual(
    facts.trainingLoops.map(({ line, column }) => lines[line]?.slice(column)),
    ['for inputs, targets in windows(batches, arguments.bptt):'],
  );
  assert.deepEqual(
    facts.modules.map(({ name, line }) => [name, lines[line]]),
    [['CharModel', 'class CharModel(nn.Module):']],
  );
});

test('a training loop is the innermost around backward() or an optimizer step', async () => {
  const facts = await analyse(`
import torch
for epoch in range(3):
    for batch in data:
        loss.backward()
    scheduler.step()
while True:
    action = policy(state)
    env.step(action)
for x in y:
    self.optimizers["g"].step()
for x in y:
    def closure():
        loss.backward()
    opt_d.step(closure)
`);
  assert.deepEqual(
    facts.trainingLoops.map(({ line }) => line),
    [3, 9, 11],
  );
});

test('modules derive from Module by any name, or from one before them', async () => {
  const facts = await analyse(`
import torch.nn as nn
class A(nn.Module): pass
class B(torch.nn.Module, Mixin): pass
class C(Module): pass
class D(A): pass
class E(Dataset): pass
class F: pass
`);
  assert.deepEqual(
    facts.modules.map(({ name }) => name),
    ['A', 'B', 'C', 'D'],
  );
});

test('a file that only defines and prepares does not run', async () => {
  const library = `
"""Words."""
import torch
torch.manual_seed(0)
def train(batches):
    for batch in batches:
        loss.backward()
class A:
    setup()
`;
  assert.equal((await analyse(library)).runs, false);
  assert.equal((await analyse(`${library}\ntrain([])`)).runs, true);
  assert.equal((await analyse(`${library}\nif __name__ == '__main__':\n    train([])`)).runs, true);
  assert.equal(
    (await analyse(`${library}\ntry:\n    for e in range(3):\n        train([])\nfinally: pass`)).runs,
    true,
  );
});

test('imported names', () => {
  assert.deepEqual(importedNames('import torch.nn as nn, os'), ['torch.nn', 'os']);
  assert.deepEqual(importedNames('from . import data'), ['.data']);
  assert.deepEqual(importedNames('from ..a.b import (c as d, # words\n  e)'), [
    '..a.b',
    '..a.b.c',
    '..a.b.e',
  ]);
  assert.deepEqual(importedNames('from model import *'), ['model']);
});

test('a broken or enormous text is read all the same, in slices', async () => {
  assert.equal((await analyse('import torch\nfor x in (:\n  loss.backward(\nclass')).importsTorch, true);
  const long = `import torch\n${'x = [1, 2, (3, "four")]\n'.repeat(20_000)}`;
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  assert.equal((await analyse(long)).importsTorch, true);
  clearInterval(timer);
  assert.ok(ticks > 3, `others had ${ticks} turns`);
});

test('what modules are given, and where', async () => {
  const { attributes } = await analyse(`
import torch.nn as nn
class A(nn.Module):
    def __init__(self):
        self.rnn = nn.LSTM(3, 4)
        self.x: int = 3
        if self.y == 3:
            self.layers = nn.ModuleList(
                [nn.Linear(1, 1)])
        def f():
            self.deep = nn.Linear(2, 2)
class B:
    def __init__(self):
        self.rnn = 3
`);
  assert.deepEqual(
    attributes.map(({ module, name, line }) => [module, name, line]),
    [
      ['A', 'rnn', 4],
      ['A', 'x', 5],
      ['A', 'layers', 7],
      ['A', 'deep', 10],
    ],
  );
});
