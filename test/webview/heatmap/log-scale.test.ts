import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cividis } from '../../../webview/heatmap/cividis.ts';
import { LogScale } from '../../../webview/heatmap/log-scale.ts';

const scales = [
  [1e-8, 1],
  [1, 10],
  [0.5, 0.7],
  [3e-3, 2e4],
  [1e-40, 1e-35],
  [1e300, 1e305],
] as const;

test('the colour of a value is the one nearest to its place', () => {
  for (const [least, greatest] of scales) {
    const scale = new LogScale(least, greatest);
    const span = scale.high - scale.low;
    for (let i = 0; i <= 100_000; i++) {
      const value = 10 ** (scale.low - 1 + (span + 2) * (i / 100_000));
      const place = scale.place(value) * 255;
      const isBetween = Math.abs(place - Math.floor(place) - 0.5) < 1e-9;
      if (!isBetween) assert.equal(scale.word(value), cividis[Math.round(place)], `${value} of ${least}`);
    }
  }
});

test('zero and what lies outside of the scale have its ends', () => {
  for (const [least, greatest] of scales) {
    const scale = new LogScale(least, greatest);
    for (const value of [0, -1, 5e-324]) assert.equal(scale.word(value), cividis[0]);
    assert.equal(scale.word(Number.MAX_VALUE), cividis[255]);
  }
});
