import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, visible } from '../../extension/plain.ts';

test('what is not seen gets a sign, and lines stay lines', () => {
  assert.equal(visible('a\u202e\u0007b\nc d é 𝔘'), 'a\ufffd\ufffdb\nc d é 𝔘');
});

test('icons and links are shown as they are written', () => {
  assert.equal(
    plain('$(bug) [a](command:b) costs $5 (a) [b] (c)'),
    '$\u2060(bug) [a]\u2060(command:b) costs $5 (a) [b] (c)',
  );
});
