// What a chart draws: ascending x beside y, with a pyramid over y.
import { leastPositive, type Column } from './column.ts';
import { Pyramid } from './pyramid.ts';
import { lowerBound } from './search.ts';

export interface Curve {
  x: Float64Array;
  y: Float32Array;
  count: number;
  pyramid: Pyramid;
  /** Which points hold a value that is not finite, ascending. */
  nonFinite?: readonly number[];
  /** The least finite value above zero; Infinity where there is none. */
  least: number;
}

/** Which way a chart's x axis counts. */
export type Axis = 'step' | 'time' | 'epoch';

/** A column against its steps, or against the numbers of `x` (as many as it has points). */
export function curveOf(column: Column, x: Float64Array = column.steps): Curve {
  return {
    x,
    y: column.values,
    count: column.count,
    pyramid: column.pyramid,
    nonFinite: column.nonFinite,
    least: column.least,
  };
}

/** Values that are all there, against `x` or their own indices. */
export function curveOfValues(y: Float32Array, x: Float64Array = Float64Array.from(y.keys())): Curve {
  const pyramid = new Pyramid();
  pyramid.grow(y, y.length);
  const nonFinite = [...y.keys()].filter((i) => !Number.isFinite(y[i]));
  return { x, y, count: y.length, pyramid, nonFinite, least: leastPositive(y) };
}

/** A series computed from columns point by point; grows as they do. */
export class DerivedCurve implements Curve {
  x: Float64Array = new Float64Array(0);
  y: Float32Array = new Float32Array(0);
  count = 0;
  pyramid = new Pyramid();
  least = Infinity;

  /** Makes room for `count` points; those that are new are to be filled by `fill`. */
  grow(x: Float64Array, count: number, fill: (y: Float32Array, from: number, to: number) => void): void {
    this.x = x;
    if (count === this.count) return;
    if (count > this.y.length) {
      const larger = new Float32Array(Math.max(count, this.y.length * 2));
      larger.set(this.y);
      this.y = larger;
    }
    fill(this.y, this.count, count);
    this.least = Math.min(this.least, leastPositive(this.y.subarray(this.count, count)));
    this.pyramid.grow(this.y, count);
    this.count = count;
  }
}

/** Update norm over weight norm, at the steps that both have. */
export class RatioCurve extends DerivedCurve {
  #steps = new Float64Array(0);
  #updates = 0;
  #weights = 0;

  refresh(update: Column, weight: Column): void {
    const ratios: number[] = [];
    const steps: number[] = [];
    while (this.#updates < update.count && this.#weights < weight.count) {
      const a = update.steps[this.#updates] as number;
      const b = weight.steps[this.#weights] as number;
      if (a === b) {
        steps.push(a);
        ratios.push((update.values[this.#updates] as number) / (weight.values[this.#weights] as number));
      }
      if (a <= b) this.#updates++;
      if (b <= a) this.#weights++;
    }
    const count = this.count + steps.length;
    if (count > this.#steps.length) {
      const larger = new Float64Array(Math.max(count, this.#steps.length * 2));
      larger.set(this.#steps);
      this.#steps = larger;
    }
    this.#steps.set(steps, this.count);
    this.grow(this.#steps, count, (y, from) => {
      y.set(ratios, from);
    });
  }
}

/** The range of indices whose x lies in [from, to], and one more on each side where there is one. */
export function indicesWithin(curve: Curve, from: number, to: number): [first: number, end: number] {
  const first = lowerBound(curve.x, curve.count, from);
  let end = lowerBound(curve.x, curve.count, to, first);
  while (end < curve.count && curve.x[end] === to) end++;
  return [Math.max(0, first - 1), Math.min(curve.count, end + 1)];
}
