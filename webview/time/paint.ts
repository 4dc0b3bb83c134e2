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
  const { width, height } = image;
  const bands = bandsOf(bins.width, height);
  const shades = new Shades(bands, width, scale);
  const inSight = indexAt(column, max) - indexAt(column, min) + 1;
  const isBinned = inSight > 2 * width && bins.size > 1;
  const norms = new Float32Array(bins.width);
  let [shownFirst, shownLast] = [-1, -1];
  for (let x = 0; x < width; x++) {
    const from = min + ((max - min) * x) / width;
    const to = min + ((max - min) * (x + 1)) / width;
    if (from >= end) break;
    const first = indexAt(column, from);
    const last = Math.max(first, lowerBound(column.steps, column.count, to) - 1);
    const isNew = first !== shownFirst || last !== shownLast;
    if (isNew) {
      [shownFirst, shownLast] = [first, last];
      takeLargest(norms, column, bins, first, last, isBinned);
    }
    shades.add(isNew ? norms : null);
  }
  shades.paint(new Uint32Array(image.data.buffer));
}

/** Pixel rows that show the same time steps, from the top; t grows upwards. */
interface Bands {
  count: number;
  /** The first and the last time step of each. */
  first: Uint32Array;
  last: Uint32Array;
  /** Its first pixel row; the last is followed by the height. */
  top: Uint32Array;
}

function bandsOf(width: number, height: number): Bands {
  const [first, last, top] = [1, 2, 3].map(() => new Uint32Array(height + 1)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let count = 0;
  for (let y = 0; y < height; y++) {
    const from = Math.floor(((height - 1 - y) * width) / height);
    const end = Math.ceil(((height - y) * width) / height);
    const to = width > height ? Math.max(from, end - 1) : from;
    if (count > 0 && first[count - 1] === from && last[count - 1] === to) continue;
    [first[count], last[count], top[count]] = [from, to, y];
    count++;
  }
  top[count] = height;
  return { count, first, last, top };
}

/** Words that no opaque colour has. */
const [noShade, badShade] = [0, 1];
/** Shades of the picture drawn last: their memory serves the next. */
let memory = new Uint32Array(0);

/**
 * The colours of each band at every pixel column. A band's first row is painted in one sweep over memory and its other
 * rows are copies of it: pictures are drawn several times a second while training wants the same processors.
 */
class Shades {
  readonly #bands: Bands;
  readonly #width: number;
  readonly #scale: LogScale;
  /** [columns that differ, bands] */
  readonly #shades: Uint32Array;
  /** Which of them a pixel column shows. */
  readonly #shown: Uint32Array;
  #columns = 0;
  #painted = 0;

  constructor(bands: Bands, width: number, scale: LogScale) {
    this.#bands = bands;
    this.#width = width;
    this.#scale = scale;
    if (memory.length < bands.count * width) memory = new Uint32Array(bands.count * width);
    this.#shades = memory;
    this.#shown = new Uint32Array(width);
  }

  /** The next pixel column: with a norm for each time step, or what the one before shows. */
  add(norms: Float32Array | null): void {
    if (norms) {
      const { count, first, last } = this.#bands;
      const shades = this.#shades.subarray(count * this.#columns++);
      for (let band = 0; band < count; band++) {
        const norm = largestOf(norms, first[band] as number, last[band] as number);
        const isBad = Number.isNaN(norm);
        shades[band] = norm === absent ? noShade : isBad ? badShade : this.#scale.word(norm);
      }
    }
    this.#shown[this.#painted++] = this.#columns - 1;
  }

  /** @param words of an image that is clear */
  paint(words: Uint32Array): void {
    const { count, top } = this.#bands;
    for (let band = 0; band < count; band++) {
      const [first, end] = [top[band] as number, top[band + 1] as number];
      const isHatched = this.#paintRow(words, first, band);
      for (let y = first + 1; y < end; y++) {
        if (isHatched) this.#paintRow(words, y, band);
        else words.copyWithin(y * this.#width, first * this.#width, (first + 1) * this.#width);
      }
    }
  }

  /** @returns whether some pixels are hatched, which differ from row to row */
  #paintRow(words: Uint32Array, y: number, band: number): boolean {
    const [stripe, ground] = [wordOf(theme().nonFinite), wordOf(theme().background)];
    const [shades, shown, bands] = [this.#shades, this.#shown, this.#bands.count];
    let isHatched = false;
    for (let x = 0; x < this.#painted; x++) {
      const word = shades[(shown[x] as number) * bands + band] as number;
      const isBad = word === badShade;
      isHatched ||= isBad;
      words[y * this.#width + x] = isBad ? hatchWord(x, y, stripe, ground) : word;
    }
    return isHatched;
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

function largestOf(norms: Float32Array, first: number, last: number): number {
  let largest = absent;
  for (let t = first; t <= last; t++) {
    const norm = norms[t] as number;
    if (Number.isNaN(norm)) return NaN;
    if (norm > largest) largest = norm;
  }
  return largest;
}
