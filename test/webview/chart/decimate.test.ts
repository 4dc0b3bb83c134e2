import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimate, drawnExtent } from '../../../webview/chart/decimate.ts';
import { Column } from '../../../webview/data/column.ts';
import { curveOf, type Curve } from '../../../webview/data/curve.ts';
import { chunkOf } from '../harness/chunks.ts';
import { noise } from '../harness/training.ts';

function curve(values: number[]): Curve {
  const column = new Column();
  column.append(chunkOf(0, values));
  return curveOf(column);
}

test('where there is room, every point is drawn', () => {
  const all = curve([3, 1, NaN, 2]);
  const drawn = decimate(all, 0, 5, 10);
  assert.equal(drawn.isEveryPoint, true);
  assert.deepEqual([...drawn.x], [1, 2, 3, 4]);
  assert.deepEqual([...drawn.y], [3, 1, NaN, 2]);
});

test('zoomed in, the neighbours outside are drawn too, so that the line leads to the edges', () => {
  const drawn = decimate(curve([10, 20, 30, 40, 50]), 2.5, 3.5, 100);
  assert.deepEqual([...drawn.x], [2, 3, 4]);
});

test('each pixel draws exactly the extent of its points', () => {
  const values = Array.from({ length: 50_000 }, (_, i) =>
    noise(i, 1) < 0.002 ? NaN : Math.fround(noise(i)),
  );
  values[33_333] = 7;
  const all = curve(values);
  for (const [from, to] of [
    [1, 50_000],
    [12_345.5, 43_210.25],
  ] as const) {
    const pixels = 640;
    const drawn = decimate(all, from, to, pixels);
    assert.equal(drawn.isEveryPoint, false);
    const width = (to - from) / pixels;
    const pixelOf = (x: number) => Math.min(pixels - 1, Math.floor((x - from) / width));
    const expected = Array.from({ length: pixels }, () => ({ min: Infinity, max: -Infinity }));
    const found = Array.from({ length: pixels }, () => ({ min: Infinity, max: -Infinity }));
    const take = (into: { min: number; max: number }[], x: number, y: number) => {
      const pixel = into[pixelOf(x)];
      if (!pixel || x < from || x > to || !Number.isFinite(y)) return;
      pixel.min = Math.min(pixel.min, y);
      pixel.max = Math.max(pixel.max, y);
    };
    values.forEach((y, i) => {
      take(expected, i + 1, y);
    });
    for (let i = 0; i < drawn.count; i++) take(found, drawn.x[i] as number, drawn.y[i] as number);
    assert.deepEqual(found, expected);
    assert.ok(drawn.count <= 4 * pixels + 2);
  }
});

test('a stretch without a finite value is a gap', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => (i >= 4000 && i < 6000 ? NaN : 1));
  const drawn = decimate(curve(values), 1, 10_000, 100);
  const gaps = [...drawn.y.subarray(0, drawn.count)].filter(Number.isNaN).length;
  assert.ok(gaps >= 19 && gaps <= 21, `${gaps} pixels of 20 are gaps`);
});

test('the extent in sight, with zeros left out on a log axis', () => {
  const drawn = decimate(curve([0, 5, 1, 9]), 0.5, 3.5, 100);
  assert.deepEqual(drawnExtent(drawn, 0.5, 3.5, false), { min: 0, max: 5 });
  assert.deepEqual(drawnExtent(drawn, 0.5, 3.5, true), { min: 1, max: 5 });
});
