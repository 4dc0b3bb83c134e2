import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmsOf } from '../../extension/disk/alarms.ts';

const event = (step: number, kind: string, text: string) => ({ step, time: step, kind, text });

test('numbers that are not finite, and layers that explode as of now', () => {
  const events = [
    event(1, 'verdict', 'rnn/l0: exploding: the norm grows'),
    event(2, 'verdict', 'rnn/l1: exploding: the norm grows'),
    event(3, 'nonfinite', 'grad/w'),
    event(4, 'verdict', 'rnn/l0: healthy: the norm stays'),
    event(5, 'paused', ''),
  ];
  assert.deepEqual(
    alarmsOf(events).map(({ step }) => step),
    [2, 3],
  );
  assert.deepEqual(alarmsOf([]), []);
});

test('the last few of many', () => {
  const events = Array.from({ length: 9 }, (_, i) => event(i, 'nonfinite', `grad/${i}`));
  assert.deepEqual(
    alarmsOf(events).map(({ step }) => step),
    [6, 7, 8],
  );
});
