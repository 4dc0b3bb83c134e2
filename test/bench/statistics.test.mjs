// What the bench makes of its timings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSlope, median, medianInterval, ratioOf, verdict } from '../../bench/lib/statistics.mjs';

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

test('the median is the middle, or between the two middles', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("the median's interval has the ranks of the sign test's tables", () => {
  assert.equal(medianInterval(upTo(5)), null);
  assert.deepEqual(medianInterval(upTo(6)), [1, 6]);
  assert.deepEqual(medianInterval(upTo(9)), [2, 8]);
  assert.deepEqual(medianInterval(upTo(20).reverse()), [6, 15]);
  assert.deepEqual(medianInterval(upTo(100)), [40, 61]);
});

test('a ratio is that of pairs: what slows both blocks of a pair changes nothing', () => {
  const load = upTo(12).map((i) => 1 + (i % 5));
  const { ratio, spread, isResolved } = ratioOf(
    load,
    load.map((x) => 1.5 * x),
  );
  assert.deepEqual([ratio, spread, isResolved], [1.5, [1.5, 1.5], true]);
});

test('a ratio of few pairs, or of pairs far apart, is unresolved', () => {
  const ones = (n) => Array(n).fill(1);
  assert.equal(ratioOf(ones(5), ones(5)).isResolved, false);
  assert.equal(ratioOf(ones(12), upTo(12)).isResolved, false);
  assert.equal(ratioOf(ones(6), ones(6)).isResolved, true);
});

test('what is asked for is met or missed by the whole interval only', () => {
  assert.equal(verdict({ spread: [1.5, 1.6] }, 1.5), 'met');
  assert.equal(verdict({ spread: [1.3, 1.4] }, 1.5), 'missed');
  assert.equal(verdict({ spread: [1.4, 1.6] }, 1.5), 'unresolved');
  assert.equal(verdict({ spread: null }, 1.5), 'unresolved');
});

test('the slope of a power is the power', () => {
  const xs = [16, 32, 64, 128];
  assert.ok(
    Math.abs(
      logSlope(
        xs,
        xs.map((x) => 3 * x ** 2),
      ) - 2,
    ) < 1e-12,
  );
});
