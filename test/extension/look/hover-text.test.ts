import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorAnswer } from '../../../protocol/inspect.ts';
import type { RunSummary } from '../../../protocol/view.ts';
import { hoverText, type Looked, type Subject } from '../../../extension/look/hover-text.ts';
import { themes, tiles } from '../../../extension/look/picture.ts';

const run = { id: '/p/run', name: 'main · 03:26', device: 'cpu' } as RunSummary;
const parameter = (name: string): Subject => ({ kind: 'parameter', name, shape: [8, 2], dtype: 'float32' });

function answer(count = 16): TensorAnswer {
  const noise = new Uint8Array(
    Float32Array.from({ length: tiles.rows * tiles.columns }, () => Math.random() - 0.5).buffer,
  );
  return {
    state: 'fresh',
    reading: {
      ...{ found: true, problem: null, step: 1204, shape: [8, 2], dtype: 'float32', requiresGrad: true },
      ...{ rows: 8, columns: 2, cells: null },
      statistics: {
        ...{ count, nan: 0, infinite: 0, zeros: 1, mean: 0.5, deviation: 0.25, low: -1, high: 2, norm: 3 },
        ...{ robustLow: -1, robustHigh: 2 },
      },
      histogram: {
        ...{ low: -1, high: 2, below: 0, above: 0 },
        counts: new Uint8Array(Float64Array.of(1, 5, 10).buffer),
      },
      picture: { ...tiles, low: noise, high: noise, mean: noise, nonFinite: noise.map(() => 0) },
    },
  };
}

const looked: Looked = {
  run,
  model: { version: 1, modules: [], tensors: [], files: [] },
  isStale: false,
  subject: parameter('a.rnn.weight_hh_l0'),
  module: { path: 'a.rnn', className: 'LSTM', file: null, line: null },
  value: answer(),
  gradient: answer(),
  norms: [1, 2, 3],
  others: [parameter('a.rnn.bias_hh_l0'), parameter('b.rnn.weight_hh_l0')],
};

/** Without backslashes, the picture and the links' addresses. */
const words = (text: string) => text.replace(/\]\([^)]*\)/g, ']').replace(/\\(.)/g, '$1');

test('title, origin, numbers, picture, links: a line each', () => {
  assert.deepEqual(words(hoverText(looked, themes.dark)).split('  \n'), [
    '**a.rnn** LSTM · weight_hh_l0 [8, 2] float32 on cpu',
    'step 1,204 of main · 03:26',
    'norm 3, mean 0.5, std 0.25, min -1, max 2, zeros 1',
    'gradient: norm 3, mean 0.5, std 0.25, min -1, max 2, zeros 1',
    '![Values, histogram and norm of a.rnn.weight_hh_l0]',
    '[Open tensor] · [Open run] · [bias_hh_l0] · [b.rnn.weight_hh_l0]',
  ]);
});

test('what is old, changed, missing or not there yet is said', () => {
  const old = { ...looked, isStale: true, value: { ...answer(), state: 'older' as const } };
  assert.match(words(hoverText(old, themes.dark)), /03:26 · the last that was read · this file has changed/);
  const waiting = { ...looked, gradient: null, value: { state: 'waiting' as const, reading: null } };
  assert.match(
    words(hoverText(waiting, themes.dark)),
    /\nIts values come with the next step\. {2}\n\[Open tensor/,
  );
  assert.doesNotMatch(hoverText({ ...looked, value: answer(0) }, themes.dark), /!\[/);
});

test('every link calls a command of ours on the run and the tensor', () => {
  const found = [...hoverText(looked, themes.dark).matchAll(/\]\(command:([\w.]+)\?([^)]*)\)/g)];
  const calls = found.map(([, command, query]) => [
    command,
    JSON.parse(decodeURIComponent(query ?? '')) as unknown,
  ]);
  assert.deepEqual(calls[0], [
    'unroll.openTensor',
    [{ run: '/p/run', kind: 'parameter', tensor: 'a.rnn.weight_hh_l0' }],
  ]);
  assert.deepEqual(
    new Set(calls.map(([command]) => command as string)),
    new Set(['unroll.openTensor', 'unroll.openRun']),
  );
});

test('60 kB and two lines of links at most, however many and long the names', () => {
  const hostile = '<img src=x onerror=alert(1)> $(squirrel) [a](command:b) '.repeat(40);
  const others = Array.from({ length: 500 }, (_, i) => parameter(`${hostile}${i}`));
  const module = { path: hostile, className: hostile, file: null, line: null };
  const text = hoverText(
    { ...looked, run: { ...run, name: hostile }, subject: parameter(hostile), module, others },
    themes.light,
  );
  assert.ok(text.length < 60_000, String(text.length));
  assert.match(words(text), / · 49\d more$/);
  const written = text.replace(/\]\((command:unroll|data:image)[^)]*\)/g, ']');
  assert.doesNotMatch(written, /[^\\][<$]|[^\\]\]\(/);
});
