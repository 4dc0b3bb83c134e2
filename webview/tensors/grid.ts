// A reading as what a heatmap draws: tiles over a stretch of rows and columns, each one element or the sum of several.
import { floatsOf } from '../../protocol/floats.ts';
import type { TensorReading } from '../../protocol/inspect.ts';
import { numbersOf } from './elements.ts';
import type { Stretch } from './part.ts';

export interface Grid extends Stretch {
  /** Of tiles. */
  tileRows: number;
  tileColumns: number;
  /** Whether a tile is an element. */
  isExact: boolean;
  /** A tile each, row by row: over its finite elements, NaN where there are none; of an element, its value. */
  mean: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  /** Elements that are not finite. */
  nonFinite: ArrayLike<number>;
}

/** Null where the reading holds neither cells nor a picture. */
export function gridOf(reading: TensorReading, { rows, columns }: Stretch): Grid | null {
  const { cells, picture } = reading;
  if (cells) {
    const values = numbersOf(cells, reading.dtype);
    return exactGrid(values, { rows, columns });
  }
  if (!picture) return null;
  const isExact = picture.rows === rows[1] - rows[0] && picture.columns === columns[1] - columns[0];
  const [low, high, mean] = [floatsOf(picture.low), floatsOf(picture.high), floatsOf(picture.mean)];
  const nonFinite = new Uint32Array(picture.nonFinite.slice().buffer);
  return {
    rows,
    columns,
    tileRows: picture.rows,
    tileColumns: picture.columns,
    isExact,
    low,
    high,
    mean,
    nonFinite,
  };
}

function exactGrid(values: Float64Array, { rows, columns }: Stretch): Grid {
  const nonFinite = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) nonFinite[i] = Number.isFinite(values[i]) ? 0 : 1;
  return {
    rows,
    columns,
    tileRows: rows[1] - rows[0],
    tileColumns: columns[1] - columns[0],
    isExact: true,
    mean: values,
    low: values,
    high: values,
    nonFinite,
  };
}

/** The part of an exact grid within a stretch; null where it does not hold all of it. */
export function cropped(grid: Grid, { rows, columns }: Stretch): Grid | null {
  const holds = (has: [number, number], wants: [number, number]) => has[0] <= wants[0] && has[1] >= wants[1];
  if (!grid.isExact || !holds(grid.rows, rows) || !holds(grid.columns, columns)) return null;
  const width = columns[1] - columns[0];
  const values = new Float64Array((rows[1] - rows[0]) * width);
  for (let r = rows[0], to = 0; r < rows[1]; r++) {
    const from = (r - grid.rows[0]) * grid.tileColumns - grid.columns[0];
    for (let c = columns[0]; c < columns[1]; c++) values[to++] = grid.mean[from + c] as number;
  }
  return exactGrid(values, { rows, columns });
}

/** a − b, tile by tile (of means, where tiles hold several elements); null where they are not over the same tiles. */
export function difference(a: Grid, b: Grid): Grid | null {
  const isAlike =
    a.tileRows === b.tileRows &&
    a.tileColumns === b.tileColumns &&
    [0, 1].every((i) => a.rows[i] === b.rows[i] && a.columns[i] === b.columns[i]);
  if (!isAlike) return null;
  const values = Float64Array.from(a.mean, (mean, i) => mean - (b.mean[i] as number));
  const nonFinite = Uint32Array.from(values, (value, i) =>
    Number.isFinite(value) ? (a.nonFinite[i] as number) + (b.nonFinite[i] as number) : 1,
  );
  return { ...a, mean: values, low: values, high: values, nonFinite };
}

/** Tile `i` of `tiles` over [from, to): its first element and the one after its last. */
export function tileStretch([from, to]: [number, number], i: number, tiles: number): [number, number] {
  const size = to - from;
  return [from + Math.floor((i * size) / tiles), from + Math.floor(((i + 1) * size) / tiles)];
}

/** The tile that holds the element `index`; -1 where none does. */
export function tileAt([from, to]: [number, number], index: number, tiles: number): number {
  if (index < from || index >= to) return -1;
  const size = to - from;
  let tile = Math.floor(((index - from) * tiles) / size);
  // Floors of both ways meet at the tile's own stretch.
  while (Math.floor(((tile + 1) * size) / tiles) <= index - from) tile++;
  return tile;
}

/** What stands for a tile of several elements: their mean, or the one farthest from zero. */
export type TileValue = 'mean' | 'extreme';

export function tileValue({ mean, low, high }: Grid, tile: number, shown: TileValue): number {
  if (shown === 'mean') return mean[tile] as number;
  const [least, most] = [low[tile] as number, high[tile] as number];
  return Math.abs(least) > Math.abs(most) ? least : most;
}

/** The magnitude under which nearly all (99.8 %) of the finite tiles lie, and the largest. */
export function magnitudes(grid: Grid, shown: TileValue): { robust: number; largest: number } {
  const all = new Float64Array(grid.mean.length);
  let count = 0;
  for (let tile = 0; tile < all.length; tile++) {
    const size = Math.abs(tileValue(grid, tile, shown));
    if (Number.isFinite(size)) all[count++] = size;
  }
  const sizes = all.subarray(0, count).sort();
  const largest = sizes.at(-1) ?? 0;
  return { robust: sizes.at(-1 - Math.floor(0.002 * sizes.length)) ?? largest, largest };
}
