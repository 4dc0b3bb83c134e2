import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinArguments, splitArguments } from '../../extension/run/arguments.ts';

test('a line is taken apart as a shell does', () => {
  assert.deepEqual(splitArguments(`  --lr 0.1  --name "a b" '' 'it\\s' x\\ y"z"`), [
    '--lr',
    '0.1',
    '--name',
    'a b',
    '',
    'it\\s',
    'x yz',
  ]);
  assert.deepEqual(splitArguments(''), []);
});

test('what was joined comes apart again', () => {
  for (const args of [[], ['--epochs', '3'], ['', "it's", '"', 'a\\b', 'x y', '$HOME', '*', 'ü', '\n']]) {
    assert.deepEqual(splitArguments(joinArguments(args)), args);
  }
});
