// Points as paths on the canvas.
import type uPlot from 'uplot';
import type { Drawn } from './decimate.ts';

/** In CSS pixels. */
export const lineWidth = 1.5;
/** Single points become dots from this many CSS pixels apart on. */
const dotSpacing = 10;
const dotRadius = (points: number) => (points <= 100 ? 2.5 : 2);

export function tracePath(u: uPlot, drawn: Drawn, stroke: string, isLog: boolean): uPlot.Series.Paths {
  const line = new Path2D();
  const dots = new Path2D();
  const { left, top, width, height } = u.bbox;
  const { min, max } = u.scales.x as { min: number; max: number };
  const perX = width / (max - min);
  const scaleY = u.scales.y as { min: number; max: number };
  const place = isLog ? Math.log10 : (y: number) => y;
  const low = place(scaleY.min);
  const perY = height / (place(scaleY.max) - low);
  const floor = top + height;
  // Beyond the frame by far enough that a steep line still leaves it where it should.
  const below = floor + 4 * height;
  const above = top - 4 * height;
  const hasDots =
    drawn.isEveryPoint && drawn.count > 0 && spread(drawn, perX) >= dotSpacing * devicePixelRatio;
  const radius = dotRadius(drawn.count) * devicePixelRatio;
  const band = new Band((lineWidth * devicePixelRatio) / 2, line);
  let isPen = false;
  let runStart = -1;
  const endRun = (end: number) => {
    // A point alone between gaps would be a line of no length.
    if (runStart >= 0 && end - runStart === 1 && !hasDots) dot(runStart);
    runStart = -1;
  };
  const xOf = (i: number) => left + ((drawn.x[i] as number) - min) * perX;
  const yOf = (i: number) => {
    const value = drawn.y[i] as number;
    // Zero and below have no place on a log axis: they lead out of its foot.
    if (isLog && value <= 0) return below;
    return Math.max(above, Math.min(below, floor - (place(value) - low) * perY));
  };
  const dot = (i: number) => {
    const [x, y] = [xOf(i), yOf(i)];
    dots.moveTo(x + radius, y);
    dots.arc(x, y, radius, 0, 2 * Math.PI);
  };
  for (let i = 0; i < drawn.count; i++) {
    const isGap = !Number.isFinite(drawn.y[i]);
    if (!drawn.isEveryPoint) {
      if (isGap) band.end();
      else band.add(xOf(i), yOf(i));
      continue;
    }
    if (isGap) {
      endRun(i);
      isPen = false;
      continue;
    }
    if (runStart < 0) runStart = i;
    if (isPen) line.lineTo(xOf(i), yOf(i));
    else line.moveTo(xOf(i), yOf(i));
    isPen = true;
    if (hasDots) dot(i);
  }
  endRun(drawn.count);
  band.end();
  return { stroke: line, fill: drawn.isEveryPoint ? dots : band.path, _fill: stroke };
}

/**
 * A line with several points a pixel, as the area that it covers: to stroke its way up and down within each pixel takes
 * many times as long as to fill that. Coordinates are canvas pixels.
 */
class Band {
  readonly path = new Path2D();
  readonly #half: number;
  readonly #line: Path2D;
  /** The columns so far: where each is, and from where to where the line goes in it. */
  #columns: { at: number; top: number; foot: number }[] = [];
  #last = { x: 0, y: 0 };

  /** @param half of the line's width @param line gets what leads over columns without a point */
  constructor(half: number, line: Path2D) {
    this.#half = half;
    this.#line = line;
  }

  add(x: number, y: number): void {
    const at = Math.floor(x);
    let column = this.#columns.at(-1);
    if (column && at > column.at + 1) {
      this.#line.moveTo(this.#last.x, this.#last.y);
      this.#line.lineTo(x, y);
      this.end();
      column = undefined;
    }
    if (!column) this.#columns.push({ at, top: y, foot: y });
    else if (at > column.at) {
      // Columns side by side meet half-way.
      const middle = (this.#last.y + y) / 2;
      column.top = Math.min(column.top, middle);
      column.foot = Math.max(column.foot, middle);
      this.#columns.push({ at, top: Math.min(y, middle), foot: Math.max(y, middle) });
    } else {
      column.top = Math.min(column.top, y);
      column.foot = Math.max(column.foot, y);
    }
    this.#last = { x, y };
  }

  /** Fills what there is; what comes next is not joined to it. */
  end(): void {
    const columns = this.#columns;
    const [first, last] = [columns[0], columns.at(-1)];
    if (!first || !last) return;
    const { path } = this;
    const half = this.#half;
    path.moveTo(first.at, first.top - half);
    for (const { at, top } of columns) path.lineTo(at + 0.5, top - half);
    path.lineTo(last.at + 1, last.top - half);
    path.lineTo(last.at + 1, last.foot + half);
    for (const { at, foot } of columns.toReversed()) path.lineTo(at + 0.5, foot + half);
    path.lineTo(first.at, first.foot + half);
    this.path.closePath();
    this.#columns = [];
  }
}

/** Mean distance of the points in canvas pixels. */
function spread(drawn: Drawn, perX: number): number {
  if (drawn.count === 1) return Infinity;
  const span = (drawn.x[drawn.count - 1] as number) - (drawn.x[0] as number);
  return (span * perX) / (drawn.count - 1);
}
