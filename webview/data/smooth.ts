// Exponential smoothing: s_i = w·s_(i-1) + (1-w)·y_i, divided by 1-w^i so that the first values count in full.
// A value that is not finite is passed over and leaves a gap.
import { type Column } from './column.ts';
import { DerivedCurve } from './curve.ts';

export class SmoothedCurve extends DerivedCurve {
  readonly weight: number;
  #sum = 0;
  #share = 1;

  /** @param weight how much of the past each value keeps: 0 up to but not including 1 */
  constructor(weight: number) {
    super();
    this.weight = weight;
  }

  refresh(column: Column, x: Float64Array): void {
    this.grow(x, column.count, (y, from, to) => {
      const w = this.weight;
      for (let i = from; i < to; i++) {
        const value = column.values[i] as number;
        if (!Number.isFinite(value)) {
          y[i] = NaN;
          continue;
        }
        this.#sum = w * this.#sum + (1 - w) * value;
        this.#share *= w;
        y[i] = this.#sum / (1 - this.#share);
      }
    });
  }
}
