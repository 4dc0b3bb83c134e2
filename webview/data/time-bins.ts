// A vector's series summed up for a picture: the largest norm of each time step over bins of consecutive points. At
// most so many bins; when they are full, neighbours are joined.
import type { Column } from './column.ts';

const mostBins = 2048;
/** A bin's value where no window reached this time step. */
export const absent = -1;

export class TimeBins {
  /** Points a bin. */
  size = 1;
  bins = 0;
  /** Time steps: the longest window so far. */
  width = 0;
  /** Least and greatest finite norm above zero. */
  least = Infinity;
  greatest = -Infinity;
  #values = new Float32Array(0);
  #done = 0;

  refresh(column: Column): void {
    if (column.width > this.width) this.#restart(column.width);
    for (; this.#done < column.count; this.#done++) {
      if (Math.floor(this.#done / this.size) >= mostBins) this.#join();
      const bin = Math.floor(this.#done / this.size);
      this.bins = bin + 1;
      fold(this.#values, bin * this.width, column.vector(this.#done));
      this.#note(column.vector(this.#done));
    }
  }

  /** The norms of a bin: NaN where one is not finite, `absent` where there is none. */
  bin(index: number): Float32Array {
    return this.#values.subarray(index * this.width, (index + 1) * this.width);
  }

  #restart(width: number): void {
    this.width = width;
    this.size = 1;
    this.bins = 0;
    this.#done = 0;
    this.#values = new Float32Array(mostBins * width).fill(absent);
  }

  #join(): void {
    for (let bin = 0; bin < mostBins; bin += 2) {
      const joined = this.bin(bin).slice();
      fold(joined, 0, this.bin(bin + 1));
      this.#values.set(joined, (bin / 2) * this.width);
    }
    this.#values.fill(absent, (mostBins / 2) * this.width);
    this.size *= 2;
  }

  #note(norms: Float32Array): void {
    for (const norm of norms) {
      if (!Number.isFinite(norm) || norm <= 0) continue;
      if (norm < this.least) this.least = norm;
      if (norm > this.greatest) this.greatest = norm;
    }
  }
}

/** Raises the numbers from `at` on to at least those of `norms` from `from` to `end`; what is not finite stays so. */
export function fold(
  into: Float32Array,
  at: number,
  norms: Float32Array,
  from = 0,
  end = norms.length,
): void {
  for (let t = 0; from + t < end; t++) {
    const norm = norms[from + t] as number;
    const before = into[at + t] as number;
    if (Number.isNaN(before) || norm <= before) continue;
    into[at + t] = Number.isFinite(norm) ? norm : NaN;
  }
}
