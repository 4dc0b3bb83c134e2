// The pixels of a through-time heatmap. A point of the series fills the x axis from its step to the next one's; where
// several share a pixel, the largest norm of each time step shows.
import type { Range } from '../chart/scale.ts';
import type { Column } from '../data/column.ts';
import { lowerBound } from '../data/search.ts';
import { absent, fold, type TimeBins } from '../data/time-bins.ts';
import { hatchWord, wordOf } from '../heatmap/canvas.ts';
import type { LogScale } from '../heatmap/log-scale.ts';
import { theme } from '../ui/theme.ts';

/** The point whose stretch of the x axis holds `step`. */
export function indexAt(column: Column, step: number): number {
  const next = lowerBound(column.steps, column.count, step + 1e-9);
  return Math.max(0, Math.min(column.count - 1, next - 1));
}

/** @param end where the last point's stretch ends */
export function paintTime(
  image: ImageData,
  column: Column,
  bins: TimeBins,
  scale: LogScale,
  { min, max }: Range,
  end: number,
): void {
  if (column.count === 0 || bins.width === 0) return;
  const words = new Uint32Array(image.data.buffer);
  const rows = timeStepRows(bins.width, image.height);
  const [stripe, ground] = [wordOf(theme().nonFinite), wordOf(theme().background)];
  const inSight = indexAt(column, max) - indexAt(column, min) + 1;
  const isBinned = inSight > 2 * image.width && bins.size > 1;
  const shades = new Shades(rows, scale);
  const norms = new Float32Array(bins.width);
  let [shownFirst, shownLast] = [-1, -1];
  for (let x = 0; x < image.width; x++) {
    const from = min + ((max - min) * x) / image.width;
    const to = min + ((max - min) * (x + 1)) / image.width;
    if (from >= end) break;
    const first = indexAt(column, from);
    const last = Math.max(first, lowerBound(column.steps, column.count, to) - 1);
    if (first !== shownFirst || last !== shownLast) {
      [shownFirst, shownLast] = [first, last];
      takeLargest(norms, column, bins, first, last, isBinned);
      shades.set(norms);
    }
    for (let y = 0; y < image.height; y++) {
      const word = shades.words[y] as number;
      if (word === noShade) continue;
      words[y * image.width + x] = word === badShade ? hatchWord(x, y, stripe, ground) : word;
    }
  }
}

/** Words that no opaque colour has. */
const [noShade, badShade] = [0, 1];

/** The colours of one pixel column from the top: most hold what the one before does. */
class Shades {
  readonly words: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #scale: LogScale;

  constructor(rows: Uint32Array, scale: LogScale) {
    this.words = new Uint32Array(rows.length / 2);
    this.#rows = rows;
    this.#scale = scale;
  }

  set(norms: Float32Array): void {
    let [shownFirst, shownLast, word] = [-1, -1, noShade];
    for (let y = 0; y < this.words.length; y++) {
      const [first, last] = [this.#rows[y * 2] as number, this.#rows[y * 2 + 1] as number];
      if (first !== shownFirst || last !== shownLast) {
        [shownFirst, shownLast] = [first, last];
        const norm = largestOf(norms, first, last);
        word = norm === absent ? noShade : Number.isNaN(norm) ? badShade : this.#scale.word(norm);
      }
      this.words[y] = word;
    }
  }
}

/** Into `norms`: of each time step the largest of the points from `first` to `last`. */
function takeLargest(
  norms: Float32Array,
  column: Column,
  bins: TimeBins,
  first: number,
  last: number,
  isBinned: boolean,
): void {
  norms.fill(absent);
  if (isBinned) {
    for (let bin = Math.floor(first / bins.size); bin <= Math.floor(last / bins.size); bin++) {
      fold(norms, 0, bins.bin(bin));
    }
  } else
    for (let i = first; i <= last; i++)
      fold(norms, 0, column.values, column.offsetOf(i), column.offsetOf(i + 1));
}

/** For each pixel row from the top, the first and last time step it shows: t grows upwards. */
function timeStepRows(width: number, height: number): Uint32Array {
  const rows = new Uint32Array(height * 2);
  for (let y = 0; y < height; y++) {
    const first = Math.floor(((height - 1 - y) * width) / height);
    const end = Math.ceil(((height - y) * width) / height);
    rows[y * 2] = first;
    rows[y * 2 + 1] = width > height ? Math.max(first, end - 1) : first;
  }
  return rows;
}

function largestOf(norms: Float32Array, first: number, last: number): number {
  let largest = absent;
  for (let t = first; t <= last; t++) {
    const norm = norms[t] as number;
    if (Number.isNaN(norm)) return NaN;
    if (norm > largest) largest = norm;
  }
  return largest;
}
