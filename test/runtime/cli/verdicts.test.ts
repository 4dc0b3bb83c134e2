import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVerdict, verdicts } from '../../../runtime/cli/verdicts.ts';

test('verdicts are a table of layers and a line on clipping', () => {
  const last = new Map([
    ['loss/train', 1],
    ['verdict/rnn/l0', -1],
    ['verdict/rnn/l0/reach', 12],
    ['verdict/rnn/l0/growth', 1],
    ['verdict/rnn/l0_reverse/reach', 49],
    ['verdict/rnn/l0_reverse/growth', 2.5],
    ['verdict/rnn/window', 50],
    ['verdict/rnn/carried', 0.97],
    ['verdict/clipped', 0.5],
  ]);
  assert.deepEqual(verdicts(last).split('\n'), [
    'The gradient through time, over the last 100 windows',
    'layer           verdict          reach  growth  window  state carried',
    'rnn/l0          vanishing           12       1      50           97 %',
    'rnn/l0_reverse  too few windows     49     2.5      50           97 %',
    'Clipping acted in 50 % of the last 100 steps.',
  ]);
  assert.ok(isVerdict('verdict/clipped') && !isVerdict('grad/total'));
});

test('there are no verdicts without recurrent layers and clipping', () => {
  assert.equal(verdicts(new Map([['loss/train', 1]])), '');
});
