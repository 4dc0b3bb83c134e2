import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Column } from '../../../webview/data/column.ts';
import { absent, TimeBins } from '../../../webview/data/time-bins.ts';
import { chunkOf } from '../harness/chunks.ts';
import { noise } from '../harness/training.ts';

test('a bin holds the largest norm of each time step', () => {
  const column = new Column();
  column.append(chunkOf(0, [[1, 5], [2, NaN], [3]]));
  const bins = new TimeBins();
  bins.refresh(column);
  assert.deepEqual([...bins.bin(0)], [1, 5]);
  assert.deepEqual([...bins.bin(1)], [2, NaN]);
  assert.deepEqual([...bins.bin(2)], [3, absent]);
  assert.deepEqual([bins.least, bins.greatest], [1, 5]);
});

test('a long run is summed up without losing its peaks', () => {
  const points = 9000;
  const windows = Array.from({ length: points }, (_, i) => [noise(i), noise(i, 1), noise(i, 2)]);
  const column = new Column();
  const bins = new TimeBins();
  for (let from = 0; from < points; from += 1000) {
    column.append(chunkOf(from, windows.slice(from, from + 1000)));
    bins.refresh(column);
  }
  assert.equal(bins.size, 8);
  assert.equal(bins.bins, Math.ceil(points / 8));
  for (let bin = 0; bin < bins.bins; bin++) {
    const its = windows.slice(bin * 8, bin * 8 + 8);
    const expected = [0, 1, 2].map((t) => Math.fround(Math.max(...its.map((window) => window[t] as number))));
    assert.deepEqual([...bins.bin(bin)], expected, `bin ${bin}`);
  }
});

test('a longer window than any before begins anew', () => {
  const column = new Column();
  column.append(chunkOf(0, [[1]]));
  const bins = new TimeBins();
  bins.refresh(column);
  column.append(chunkOf(1, [[2, 3]]));
  bins.refresh(column);
  assert.deepEqual([...bins.bin(0)], [1, absent]);
  assert.deepEqual([...bins.bin(1)], [2, 3]);
});
