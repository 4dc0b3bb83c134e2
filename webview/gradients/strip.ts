// One parameter's norm over the steps: as a row of a heatmap, or as a small chart.
import type { Range } from '../chart/scale.ts';
import { indicesWithin, type Curve } from '../data/curve.ts';
import { lowerBound } from '../data/search.ts';
import { fit, hatchWord, Pixels, wordOf } from '../heatmap/canvas.ts';
import type { LogScale } from '../heatmap/log-scale.ts';
import { colour, theme } from '../ui/theme.ts';

/** The points that pixel `x` of `width` stands for: those within it, else the one that still holds there. */
function pointsAt(curve: Curve, { min, max }: Range, x: number, width: number): [first: number, end: number] {
  const from = min + ((max - min) * x) / width;
  const to = min + ((max - min) * (x + 1)) / width;
  const end = lowerBound(curve.x, curve.count, to);
  const first = Math.max(0, Math.min(lowerBound(curve.x, curve.count, from), end - 1));
  return [first, end];
}

/** Where the last point stops holding: after it as long as the one before. */
function endOf(curve: Curve): number {
  const n = curve.count;
  if (n === 0) return -Infinity;
  const last = curve.x[n - 1] as number;
  return last + (n > 1 ? last - (curve.x[n - 2] as number) : 1);
}

/** Of the row painted last: rows have one size. */
const pixels = new Pixels();

/** Each pixel is the greatest value of its points; what is not finite is hatched. */
export function paintRow(canvas: HTMLCanvasElement, curve: Curve, range: Range, scale: LogScale): void {
  const surface = fit(canvas, canvas.clientWidth, canvas.clientHeight);
  if (!surface) return;
  const image = pixels.fit(surface.width, surface.height, surface.ratio);
  const { width, height } = image;
  const words = new Uint32Array(image.data.buffer);
  const bad = curve.nonFinite ?? [];
  const hatched: number[] = [];
  const end = endOf(curve);
  for (let x = 0; x < width; x++) {
    const from = range.min + ((range.max - range.min) * x) / width;
    const [first, stop] = pointsAt(curve, range, x, width);
    if (stop === 0 || from >= end) continue;
    const { min, max } = curve.pyramid.extent(curve.y, first, stop);
    const firstBad = bad[lowerBound(bad, bad.length, first)];
    if (min > max || (firstBad !== undefined && firstBad < stop)) hatched.push(x);
    else words[x] = scale.word(max);
  }
  for (let y = 1; y < height; y++) words.copyWithin(y * width, 0, width);
  const [stripe, ground] = [wordOf(theme().nonFinite), wordOf(theme().background)];
  for (const x of hatched)
    for (let y = 0; y < height; y++) words[y * width + x] = hatchWord(x, y, stripe, ground);
  surface.ctx.putImageData(image, 0, 0);
}

/** A line on a log scale of its own. */
export function paintMultiple(canvas: HTMLCanvasElement, curve: Curve, range: Range): void {
  const surface = fit(canvas, canvas.clientWidth, canvas.clientHeight);
  if (!surface) return;
  const { ctx, width, height } = surface;
  const [first, stop] = indicesWithin(curve, range.min, range.max);
  const { min, max } = curve.pyramid.extent(curve.y, first, stop);
  ctx.strokeStyle = theme().grid;
  ctx.beginPath();
  ctx.moveTo(0, height - 0.5);
  ctx.lineTo(width, height - 0.5);
  ctx.stroke();
  if (min > max) return;
  const top = Math.log10(max > 0 ? max : 1);
  const foot = Math.min(top - 0.5, Math.max(top - 8, Math.log10(min > 0 ? min : max / 1e8)));
  const yOf = (value: number) =>
    value <= 0 ? height - 2 : 2 + (height - 4) * Math.min(1, (top - Math.log10(value)) / (top - foot));
  ctx.strokeStyle = colour('before');
  ctx.lineWidth = 1.5;
  ctx.lineJoin = 'round';
  ctx.beginPath();
  let isPen = false;
  for (let x = 0; x < width; x++) {
    const from = range.min + ((range.max - range.min) * x) / width;
    const to = range.min + ((range.max - range.min) * (x + 1)) / width;
    const a = lowerBound(curve.x, curve.count, from);
    const b = lowerBound(curve.x, curve.count, to, a);
    if (a === b) continue;
    const extent = curve.pyramid.extent(curve.y, a, b);
    if (extent.min > extent.max) {
      isPen = false;
      continue;
    }
    for (const value of extent.min === extent.max ? [extent.min] : [extent.max, extent.min]) {
      if (isPen) ctx.lineTo(x + 0.5, yOf(value));
      else ctx.moveTo(x + 0.5, yOf(value));
      isPen = true;
    }
  }
  ctx.stroke();
}
