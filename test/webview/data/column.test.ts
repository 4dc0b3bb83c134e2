import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packDeltas } from '../../../protocol/deltas.ts';
import { Column } from '../../../webview/data/column.ts';
import { chunkOf } from '../harness/chunks.ts';

test('scalars grow chunk by chunk', () => {
  const column = new Column();
  column.append(chunkOf(0, [3, 1, 2]));
  column.append(chunkOf(3, [0.5]));
  assert.equal(column.count, 4);
  assert.deepEqual([...column.values.subarray(0, 4)], [3, 1, 2, 0.5]);
  assert.deepEqual([...column.steps.subarray(0, 4)], [1, 2, 3, 4]);
  assert.deepEqual(column.pyramid.extent(column.values, 0, 4), { min: 0.5, max: 3 });
});

test('vectors of different lengths keep their borders over chunks', () => {
  const column = new Column();
  column.append(chunkOf(0, [[1, 2, 3], [4]]));
  column.append(chunkOf(2, [[5, 6], []]));
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => [...column.vector(i)]),
    [[1, 2, 3], [4], [5, 6], []],
  );
  assert.equal(column.width, 3);
});

test('what does not continue the column is refused', () => {
  const column = new Column();
  column.append(chunkOf(0, [1, 2]));
  assert.throws(() => {
    column.append(chunkOf(1, [9]));
  }, /points from 1 do not follow the 2 before them/);
  assert.throws(() => {
    column.append({ ...chunkOf(2, [9]), count: 2 });
  }, RangeError);
  assert.equal(column.count, 2);
});

test('bytes may lie anywhere in their buffer', () => {
  const chunk = chunkOf(0, [1.5, 2.5]);
  const shifted = new Uint8Array(chunk.values.length + 3);
  shifted.set(chunk.values, 3);
  const column = new Column();
  column.append({ ...chunk, values: shifted.subarray(3) });
  assert.deepEqual([...column.values.subarray(0, 2)], [1.5, 2.5]);
});

test('a clock set back does not turn time around', () => {
  const column = new Column();
  const chunk = chunkOf(0, [1, 2, 3]);
  column.append({ ...chunk, times: packDeltas(Float64Array.of(10, 4, 12)) });
  assert.deepEqual([...column.times.subarray(0, 3)], [10, 10, 12]);
});

test('points that are not finite are known', () => {
  const scalars = new Column();
  scalars.append(chunkOf(0, [1, NaN, 2]));
  scalars.append(chunkOf(3, [-Infinity]));
  assert.deepEqual(scalars.nonFinite, [1, 3]);
  const vectors = new Column();
  vectors.append(chunkOf(0, [[1, 2], [3, NaN], [4]]));
  assert.deepEqual(vectors.nonFinite, [1]);
});
