// The pixels of a tensor's heatmap, and the values written into its cells where they are large enough.
import { hatchWord, wordOf } from '../heatmap/canvas.ts';
import type { Area } from '../ui/area.ts';
import type { SignedScale } from '../heatmap/signed-scale.ts';
import { short } from '../ui/format.ts';
import { fontOf, theme } from '../ui/theme.ts';
import { tileAt, tileValue, type Grid, type TileValue } from './grid.ts';
import type { Stretch } from './part.ts';

/** @param view the stretch in sight, which the grid may hold in part only: elsewhere nothing is drawn */
export function paintGrid(
  image: ImageData,
  grid: Grid,
  view: Stretch,
  scale: SignedScale,
  shown: TileValue,
): void {
  const words = new Uint32Array(image.data.buffer);
  const { width, height } = image;
  const [stripe, ground] = [wordOf(theme().nonFinite), wordOf(theme().background)];
  const colours = new Uint32Array(grid.tileRows * grid.tileColumns);
  for (let tile = 0; tile < colours.length; tile++) {
    const value = tileValue(grid, tile, shown);
    colours[tile] = Number.isFinite(value) ? scale.word(value) : ground;
  }
  const tileRow = tilesAlong(height, view.rows, grid.rows, grid.tileRows);
  const tileColumn = tilesAlong(width, view.columns, grid.columns, grid.tileColumns);
  for (let y = 0; y < height; y++) {
    const row = tileRow[y] as number;
    if (row < 0) continue;
    for (let x = 0; x < width; x++) {
      const column = tileColumn[x] as number;
      if (column < 0) continue;
      const tile = row * grid.tileColumns + column;
      const colour = colours[tile] as number;
      words[y * width + x] = (grid.nonFinite[tile] as number) > 0 ? hatchWord(x, y, stripe, colour) : colour;
    }
  }
}

/** The tile under each pixel; -1 where the grid has none. */
function tilesAlong(
  pixels: number,
  view: [number, number],
  grid: [number, number],
  tiles: number,
): Int32Array {
  const [from, to] = view;
  return Int32Array.from({ length: pixels }, (_, pixel) =>
    tileAt(grid, from + Math.floor(((pixel + 0.5) * (to - from)) / pixels), tiles),
  );
}

/** The least size of a cell, in CSS pixels, that its value is written into. */
const leastCell = { width: 56, height: 13 };

/** @param place the cell's corner and size in CSS pixels */
export function writeValues(
  ctx: CanvasRenderingContext2D,
  grid: Grid,
  view: Stretch,
  scale: SignedScale,
  area: Area,
): void {
  const width = area.width / (view.columns[1] - view.columns[0]);
  const height = area.height / (view.rows[1] - view.rows[0]);
  if (!grid.isExact || width < leastCell.width || height < leastCell.height) return;
  ctx.font = fontOf(11);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (let row = view.rows[0]; row < view.rows[1]; row++) {
    for (let column = view.columns[0]; column < view.columns[1]; column++) {
      const r = tileAt(grid.rows, row, grid.tileRows);
      const c = tileAt(grid.columns, column, grid.tileColumns);
      if (r < 0 || c < 0) continue;
      const value = grid.mean[r * grid.tileColumns + c] as number;
      const x = area.left + (column - view.columns[0] + 0.5) * width;
      const y = area.top + (row - view.rows[0] + 0.5) * height;
      const label = short(value);
      if (Number.isFinite(value)) ctx.fillStyle = scale.isLight(value) ? '#1a1a1a' : '#f5f5f5';
      else {
        // On stripes a text needs a ground of its own.
        ctx.fillStyle = theme().background;
        const half = ctx.measureText(label).width / 2 + 3;
        ctx.fillRect(x - half, y - 7, 2 * half, 14);
        ctx.fillStyle = theme().foreground;
      }
      ctx.fillText(label, x, y);
    }
  }
}
