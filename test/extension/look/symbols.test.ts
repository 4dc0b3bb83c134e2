import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../extension/script/source.ts';
import { type CodeSymbol, symbolAt } from '../../../extension/look/symbols.ts';

const source = `import torch
class Model(nn.Module):
    def __init__(self, size):
        self.rnn = nn.LSTM(size, 4)
        self.layers[0].weight.data.zero_()
    def forward(self, x):
        h = self.rnn(x)
        def inner():
            return h
        return h
def train(model, rate=0.1):
    for batch in data:
        loss = model(batch, size=3)
    return state["rnn.weight_hh_l0"]
model = Model(3)
(a, b), c = f(p for p in rows)
`;

/** What stands where \`|\` is in a piece of the source that is there once. */
async function at(marked: string): Promise<CodeSymbol | null> {
  const piece = marked.replace('|', '');
  const offset = source.indexOf(piece) + marked.indexOf('|');
  assert.ok(source.includes(piece), piece);
  return symbolAt(source, await parse(source), offset);
}

test('an attribute, up to the part under the mouse, in its class and function', async () => {
  const rnn = await at('self.r|nn = nn');
  assert.deepEqual(rnn?.chain, ['self', 'rnn']);
  assert.deepEqual([rnn.className, rnn.functionName], ['Model', 'Model.__init__']);
  assert.deepEqual((await at('self.layers[0].wei|ght'))?.chain, ['self', 'layers', '0', 'weight']);
  assert.deepEqual((await at('self.lay|ers[0]'))?.chain, ['self', 'layers']);
});

test('what would be made at a place: where a call starts, the whole of an assignment', async () => {
  const made = async (marked: string) => {
    const found = (await at(marked))?.made;
    return found && [found.as, source.slice(found.from, found.as === 'callee' ? found.from + 4 : found.to)];
  };
  assert.deepEqual(await made('nn.LS|TM(size'), ['callee', 'nn.L']);
  assert.deepEqual(await made('= Mod|el(3)'), ['callee', 'Mode']);
  assert.deepEqual(await made('mod|el = Model(3)'), ['target', 'model = Model(3)']);
  assert.deepEqual(await made('(a, |b), c = f'), ['target', '(a, b), c = f(p for p in rows)']);
  assert.equal(await made('model(bat|ch'), null);
});

test('a variable that its function gives a value is no global', async () => {
  const local = async (marked: string) => (await at(marked))?.isLocal;
  for (const marked of [
    '        |h = self.rnn(x)',
    'self.rnn(|x)',
    'model(ba|tch, size',
    'lo|ss = model',
    'f(|p for p in rows)',
  ])
    assert.equal(await local(marked), true, marked);
  for (const marked of [
    'in da|ta:',
    '            return |h',
    'return st|ate[',
    '|model = Model(3)',
    'p in ro|ws)',
  ])
    assert.equal(await local(marked), false, marked);
});

test('a variable, in its function as Python qualifies it', async () => {
  const place = async (marked: string) => {
    const symbol = await at(marked);
    return [symbol?.chain.join('.'), symbol?.functionName];
  };
  assert.deepEqual(await place('lo|ss = model'), ['loss', 'train']);
  assert.deepEqual(await place('|h = self.rnn'), ['h', 'Model.forward']);
  assert.deepEqual(await place('            return |h'), ['h', 'Model.forward.<locals>.inner']);
  assert.deepEqual(await place('|model = Model'), ['model', null]);
  assert.deepEqual(await place('def train(mod|el, rate'), ['model', 'train']);
});

test('a parameter’s name in a string', async () => {
  assert.equal((await at('"rnn.wei|ght_hh_l0"'))?.text, 'rnn.weight_hh_l0');
});

test('nothing where no value is: names of functions and classes, imports, keywords', async () => {
  for (const marked of [
    'class Mo|del',
    'def for|ward',
    'import to|rch',
    'size|=3',
    're|turn h',
    'LSTM(size, |4)',
  ]) {
    assert.equal(await at(marked), null, marked);
  }
});
