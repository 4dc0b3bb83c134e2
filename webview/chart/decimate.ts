// From a curve to what a given number of pixels can show of it. Where points are denser than pixels, each pixel
// gets its first, least, greatest and last value, which draws the same picture as all its points would.
import { indicesWithin, type Curve } from '../data/curve.ts';
import { lowerBound } from '../data/search.ts';

/** Points to be joined in order; a y of NaN is a gap. */
export interface Drawn {
  x: Float64Array;
  y: Float32Array;
  count: number;
  /** Whether these are the curve's own points, each one. */
  isEveryPoint: boolean;
}

/** Points a pixel from which on they are drawn as a range. */
const dense = 2;

/** @param from, to what `pixels` pixels show of the x axis */
export function decimate(curve: Curve, from: number, to: number, pixels: number): Drawn {
  const [first, end] = indicesWithin(curve, from, to);
  if (end - first <= pixels * dense) {
    return {
      x: curve.x.subarray(first, end),
      y: curve.y.subarray(first, end),
      count: end - first,
      isEveryPoint: true,
    };
  }
  const x = new Float64Array(pixels * 4 + 2);
  const y = new Float32Array(pixels * 4 + 2);
  let count = 0;
  const add = (at: number, value: number) => {
    x[count] = at;
    y[count++] = value;
  };
  const value = (index: number) => finite(curve.y[index] as number);
  // The neighbours outside, so that the line leads to the edges.
  let i = lowerBound(curve.x, curve.count, from, first);
  if (i > first) add(curve.x[first] as number, value(first));
  for (let pixel = 1; pixel <= pixels && i < end; pixel++) {
    const edge = pixel === pixels ? to : from + ((to - from) * pixel) / pixels;
    let next = lowerBound(curve.x, end, edge, i);
    if (pixel === pixels) while (next < end && (curve.x[next] as number) <= to) next++;
    if (next === i) continue;
    const at = curve.x[i] as number;
    const { min, max } = curve.pyramid.extent(curve.y, i, next);
    if (min > max) add(at, NaN);
    else {
      const [head, tail] = [value(i), value(next - 1)];
      if (!Number.isNaN(head)) add(at, head);
      if (min < max) {
        add(at, min);
        add(at, max);
      }
      if (!Number.isNaN(tail)) add(curve.x[next - 1] as number, tail);
    }
    i = next;
  }
  if (i < end) add(curve.x[i] as number, value(i));
  return { x, y, count, isEveryPoint: false };
}

const finite = (value: number) => (Number.isFinite(value) ? value : NaN);

/** Least and greatest finite value of what is drawn within [from, to]; with `isLog` of those above zero. */
export function drawnExtent(
  drawn: Drawn,
  from: number,
  to: number,
  isLog: boolean,
): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < drawn.count; i++) {
    const value = drawn.y[i] as number;
    const x = drawn.x[i] as number;
    if (x < from || x > to || !Number.isFinite(value) || (isLog && value <= 0)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
