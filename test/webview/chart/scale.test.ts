import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  liveEnd,
  logTicks,
  niceLogRange,
  niceRange,
  ticks,
  timeTicks,
} from '../../../webview/chart/scale.ts';

test('linear ranges end on round numbers and hold their data', () => {
  assert.deepEqual(niceRange(1.13, 5.2), { min: 1, max: 6 });
  assert.deepEqual(niceRange(0, 1), { min: 0, max: 1 });
  assert.deepEqual(niceRange(3, 3), { min: 2.6, max: 3.4 });
  assert.deepEqual(niceRange(Infinity, -Infinity), { min: 0, max: 1 });
});

test('log ranges hold their data with room to the frame', () => {
  assert.deepEqual(niceLogRange(0.3, 3), { min: 0.2, max: 5 });
  assert.deepEqual(niceLogRange(1e-7, 0.5), { min: 1e-8, max: 1 });
  assert.deepEqual(niceLogRange(1, 10), { min: 0.5, max: 20 });
});

test('a live axis ends beyond the last step, and stays there while the curve grows into it', () => {
  assert.equal(liveEnd(700, 0), 800);
  assert.equal(liveEnd(780, 0), 800);
  assert.equal(liveEnd(790, 0), 1000);
  for (let step = 1; step < 20_000; step += 7) assert.ok(liveEnd(step, 0) > step);
});

test('ticks are round and few', () => {
  assert.deepEqual(ticks(0, 800, 900, 88), [0, 100, 200, 300, 400, 500, 600, 700, 800]);
  assert.deepEqual(ticks(0, 1, 400, 100, true), [0, 1]);
  assert.deepEqual(ticks(0, 800, 120, 88), [0, 500]);
  assert.deepEqual(ticks(0.1, 0.4, 400, 100), [0.1, 0.2, 0.3, 0.4]);
});

test('log ticks are decades, with 2 and 5 where there is room', () => {
  assert.deepEqual(logTicks(0.1, 10, 600, 60), [0.1, 0.2, 0.5, 1, 2, 5, 10]);
  assert.deepEqual(logTicks(1e-6, 1, 150, 60), [1e-6, 0.001, 1]);
});

test('time ticks lie on seconds, minutes, hours', () => {
  assert.deepEqual(timeTicks(0, 60, 400, 88), [0, 15, 30, 45, 60]);
  assert.deepEqual(timeTicks(0, 7200, 400, 88), [0, 1800, 3600, 5400, 7200]);
});
