import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pyramid } from '../../../webview/data/pyramid.ts';
import { noise } from '../harness/training.ts';

const naive = (values: Float32Array, from: number, to: number) => {
  const finite = [...values.subarray(from, to)].filter(Number.isFinite);
  return { min: Math.min(...finite), max: Math.max(...finite) };
};

test('a range says the same as looking at each of its values', () => {
  const values = Float32Array.from({ length: 20_000 }, (_, i) => (noise(i, 1) < 0.01 ? NaN : noise(i)));
  values[777] = Infinity;
  values[778] = -Infinity;
  const pyramid = new Pyramid();
  // Grown in uneven pieces: the last block is filled up each time.
  for (let count = 0; count < values.length;) {
    count = Math.min(values.length, count + 1 + Math.floor(900 * noise(count, 2)));
    pyramid.grow(values, count);
  }
  for (let k = 0; k < 500; k++) {
    const [a, b] = [noise(k, 3), noise(k, 4)].map((x) => Math.floor(x * values.length)) as [number, number];
    const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
    assert.deepEqual(pyramid.extent(values, from, to), naive(values, from, to), `${from} to ${to}`);
  }
});

test('where nothing is finite there is no extent', () => {
  const pyramid = new Pyramid();
  const values = Float32Array.of(NaN, Infinity, NaN);
  pyramid.grow(values, 3);
  const { min, max } = pyramid.extent(values, 0, 3);
  assert.ok(min > max);
});
