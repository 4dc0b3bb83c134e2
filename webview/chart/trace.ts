// Points as paths on the canvas.
import type uPlot from 'uplot';
import type { Drawn } from './decimate.ts';

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
  return { stroke: line, fill: dots, _fill: stroke };
}

/** Mean distance of the points in canvas pixels. */
function spread(drawn: Drawn, perX: number): number {
  if (drawn.count === 1) return Infinity;
  const span = (drawn.x[drawn.count - 1] as number) - (drawn.x[0] as number);
  return (span * perX) / (drawn.count - 1);
}
