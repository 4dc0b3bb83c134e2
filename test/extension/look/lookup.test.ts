import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInfo, VariableInfo } from '../../../protocol/inspect.ts';
import { lookUp, tensorsOf } from '../../../extension/look/lookup.ts';
import type { CodeSymbol } from '../../../extension/look/symbols.ts';

const file = '/p/main.py';
const module = (path: string, className: string, line: number, own: string | null = null) => ({
  path,
  className,
  file: own,
  line: { file, line },
});
const tensor = (name: string, shape = [2, 3], kind: 'parameter' | 'buffer' = 'parameter') => ({
  name,
  kind,
  shape,
  dtype: 'float32',
  requiresGrad: true,
  sameAs: null,
  line: null,
});
const model: ModelInfo = {
  version: 1,
  modules: [
    module('', 'Model', 30, file),
    module('a', 'Block', 5, file),
    module('a.rnn', 'LSTM', 12),
    module('b', 'Block', 6, file),
    module('b.rnn', 'LSTM', 12),
  ],
  tensors: [
    tensor('a.rnn.bias', [8]),
    tensor('a.rnn.weight_ih_l0', [8, 9]),
    tensor('a.rnn.weight_hh_l0', [8, 2]),
    tensor('a.mask', [1], 'buffer'),
    tensor('b.rnn.weight_hh_l0'),
    tensor('scale', []),
  ],
  files: [],
};
const variables: VariableInfo[] = [
  { name: 'train:loss', function: 'train', variable: 'loss', shape: [], dtype: 'float32', line: null },
  { name: 'loss', function: null, variable: 'loss', shape: [3], dtype: 'float32', line: null },
];

/** Offsets are lines here. */
function look(symbol: Partial<CodeSymbol>) {
  const plain = {
    from: 0,
    to: 0,
    chain: [],
    className: null,
    functionName: null,
    made: null,
    isLocal: false,
  };
  const found = lookUp({ ...plain, text: null, ...symbol }, file, (line) => line, model, variables);
  return {
    modules: found.modules.map(({ path }) => path),
    tensors: found.tensors.map(({ name }) => name),
    variable: found.variable?.name ?? null,
  };
}

test('an attribute of self, in every instance of its class', () => {
  assert.deepEqual(look({ chain: ['self', 'rnn'], className: 'Block' }), {
    modules: ['a.rnn', 'b.rnn'],
    tensors: [],
    variable: null,
  });
  assert.deepEqual(look({ chain: ['self', 'scale'], className: 'Model' }).tensors, ['scale']);
  assert.deepEqual(look({ chain: ['self', 'a', 'mask'], className: 'Model' }).tensors, ['a.mask']);
  assert.deepEqual(look({ chain: ['self'], className: 'Block' }).modules, ['a', 'b']);
  assert.deepEqual(look({ chain: ['self', 'rnn'], className: 'Other' }).modules, []);
});

test('what a line made: of a call those of the class, of an assignment the whole', () => {
  const callee = { as: 'callee' as const, from: 12, to: 12 };
  assert.deepEqual(look({ chain: ['nn', 'LSTM'], made: callee }).modules, ['a.rnn', 'b.rnn']);
  assert.deepEqual(look({ chain: ['getattr'], made: callee }).modules, ['a.rnn', 'b.rnn']);
  assert.deepEqual(look({ chain: ['int'], made: callee }).modules, []);
  assert.deepEqual(look({ chain: ['nn', 'LSTM'], made: { ...callee, from: 13, to: 13 } }).modules, []);
  const whole = { as: 'target' as const, from: 5, to: 30 };
  assert.deepEqual(look({ chain: ['model'], made: whole }).modules, ['']);
  assert.deepEqual(look({ chain: ['block'], made: { ...whole, to: 20 } }).modules, ['a', 'b']);
  assert.deepEqual(look({ chain: ['model'] }).modules, []);
});

test('a path after a variable that holds the model, and a name in a string', () => {
  assert.deepEqual(look({ chain: ['model', 'a', 'rnn'] }).modules, ['a.rnn']);
  assert.deepEqual(look({ chain: ['block', 'rnn', 'weight_hh_l0'] }).tensors, [
    'a.rnn.weight_hh_l0',
    'b.rnn.weight_hh_l0',
  ]);
  assert.deepEqual(look({ text: 'a.rnn.bias' }).tensors, ['a.rnn.bias']);
  assert.deepEqual(look({ chain: ['os', 'path'] }), { modules: [], tensors: [], variable: null });
});

test('a variable of its own function, of those around it, else of the script', () => {
  assert.equal(look({ chain: ['loss'], functionName: 'train' }).variable, 'train:loss');
  assert.equal(look({ chain: ['loss'], functionName: 'train.<locals>.inner' }).variable, 'train:loss');
  assert.equal(look({ chain: ['loss'], functionName: 'other' }).variable, 'loss');
  assert.equal(look({ chain: ['loss'], functionName: 'other', isLocal: true }).variable, null);
  assert.equal(look({ chain: ['loss'], functionName: 'train', isLocal: true }).variable, 'train:loss');
  assert.equal(look({ chain: ['other'] }).variable, null);
});

test('a module’s tensor to look at first is the recurrent weight', () => {
  const rnn = model.modules.find(({ path }) => path === 'a.rnn');
  assert.ok(rnn);
  assert.deepEqual(
    tensorsOf(model, rnn).map(({ name }) => name),
    ['a.rnn.weight_hh_l0', 'a.rnn.weight_ih_l0', 'a.rnn.bias'],
  );
  // One without tensors of its own stands for its parts.
  const partsOnly = { ...model, modules: [module('', 'Model', 30)], tensors: model.tensors.slice(0, 3) };
  assert.deepEqual(
    tensorsOf(partsOnly, module('', 'Model', 30)).map(({ name }) => name),
    ['a.rnn.weight_hh_l0', 'a.rnn.weight_ih_l0', 'a.rnn.bias'],
  );
});
