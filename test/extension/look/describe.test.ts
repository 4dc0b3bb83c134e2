import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped, numbersOf } from '../../../extension/look/describe.ts';

const statistics = {
  ...{ count: 6, nan: 0, infinite: 0, zeros: 1, mean: 0.5, deviation: 0.25, low: -1, high: 2, norm: 3 },
  ...{ robustLow: -1, robustHigh: 2 },
};

test('six numbers, and what is not finite', () => {
  assert.equal(numbersOf(statistics), 'norm 3, mean 0.5, std 0.25, min -1, max 2, zeros 1');
  assert.match(
    numbersOf({ ...statistics, norm: 8.2671, mean: -0.000291234 }),
    /^norm 8\.27, mean -2\.91e-4,/,
  );
  assert.match(numbersOf({ ...statistics, zeros: 6 }), /zeros all$/);
  assert.match(numbersOf({ ...statistics, nan: 1, infinite: 2 }), /, 3 not finite$/);
  assert.equal(numbersOf({ ...statistics, nan: 6 }), 'none of its 6 elements is finite');
  assert.equal(numbersOf({ ...statistics, count: 0 }), 'no elements');
});

test('names are text, whatever they hold', () => {
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '[a](command:workbench.action.terminal.new)',
    '![](https://example.org/x.png)',
    '`x` **y** $(alert) &lt; https://example.org # | ~~z~~',
    'a\n\n# b',
  ];
  for (const name of hostile) {
    const text = escaped(name);
    assert.doesNotMatch(text, /(^|[^\\])[<>[\]()!`*_$&#|~:]/, name);
    assert.doesNotMatch(text, /\n/);
  }
  assert.equal(escaped('rnn'), 'rnn');
});
