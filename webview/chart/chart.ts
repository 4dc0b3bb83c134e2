// A chart over uPlot, which draws axes, grid and strokes. Lines reach it as paths of at most a few points a pixel,
// so a million points pan as a thousand do. Pointer and keys are in interact.ts, the cursor in cursor.ts.
import uPlot from 'uplot';
import type { Area } from '../ui/area.ts';
import { h, onNextFrame } from '../ui/dom.ts';
import { clock, short, tickTexts } from '../ui/format.ts';
import { colour, fontOf, onThemeChange, theme } from '../ui/theme.ts';
import type { XPlot } from './interact.ts';
import { decimate, drawnExtent, type Drawn } from './decimate.ts';
import { emptyPicture, keyOf, type Picture } from './line.ts';
import { drawMarks } from './marks.ts';
import { liveEnd, logTicks, niceLogRange, niceRange, ticks, timeTicks, type Range } from './scale.ts';
import { lineWidth, tracePath } from './trace.ts';

const axisFont = 11;
/** The least distance of two ticks in CSS pixels: low charts have theirs closer. */
const spacing = { x: 88, y: (height: number) => (height < 280 ? 36 : 64) };
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's constants exist in its types only
const distribution: Record<'linear' | 'log', uPlot.Scale.Distr> = { linear: 1, log: 3 };

export class Chart implements XPlot {
  /** Takes the focus; its size is the chart's. */
  readonly element: HTMLDivElement;
  picture: Picture = emptyPicture;
  /** What the x axis shows: everything where null. */
  view: Range | null = null;
  onDrawn: () => void = () => undefined;
  /** Redraws before the next frame. */
  readonly refresh = onNextFrame(() => {
    this.#draw();
  });
  #plot: uPlot | null = null;
  #made = '';
  #drawn: Drawn[] = [];
  #x: Range = { min: 0, max: 1 };
  #y: Range = { min: 0, max: 1 };

  readonly #kind: 'whole' | 'miniature';

  /** A miniature has no axes. */
  constructor(kind: 'whole' | 'miniature' = 'whole') {
    this.#kind = kind;
    this.element = h('div', { class: 'plot', tabindex: 0 });
    new ResizeObserver(this.refresh).observe(this.element);
    onThemeChange(() => {
      this.#made = '';
      this.refresh();
    });
  }

  set(picture: Picture): void {
    this.picture = picture;
    this.refresh();
  }

  zoom(view: Range | null): void {
    this.view = view;
    this.refresh();
  }

  /** What the x axis is to show: what it does show, once it is drawn. */
  get range(): Range {
    return this.view ?? this.extent;
  }

  get yRange(): Range {
    return this.#y;
  }

  /** What was drawn last, line by line: for those who check. */
  get drawn(): readonly Drawn[] {
    return this.#drawn;
  }

  /** The whole x axis. */
  get extent(): Range {
    let min = Infinity;
    let max = -Infinity;
    for (const { curve } of this.picture.lines) {
      if (curve.count === 0) continue;
      min = Math.min(min, curve.x[0] as number);
      max = Math.max(max, curve.x[curve.count - 1] as number);
    }
    if (min > max) return { min: 0, max: 1 };
    // A curve that starts at the first step starts at the axis' foot.
    if (min > 0 && min <= (max - min) * 0.05 + 1 && this.picture.xAxis !== 'timeStep') min = 0;
    if (this.picture.isLive) max = liveEnd(max, min);
    if (max === min) [min, max] = [min - 0.5, max + 0.5];
    return { min, max };
  }

  /** Two steps are the closest that is of use. */
  get least(): number {
    return this.picture.xAxis === 'step' ? 2 : (this.extent.max - this.extent.min) * 1e-6;
  }

  /** The area that the axes frame, in CSS pixels from the element's corner. */
  get area(): Area {
    const over = this.#plot?.over;
    if (!over) return { left: 0, top: 0, width: 0, height: 0 };
    return { left: over.offsetLeft, top: over.offsetTop, width: over.offsetWidth, height: over.offsetHeight };
  }

  xToPixel(x: number): number {
    const { left, width } = this.area;
    return left + ((x - this.#x.min) / (this.#x.max - this.#x.min)) * width;
  }

  pixelToX(pixel: number): number {
    const { left, width } = this.area;
    const { min, max } = this.range;
    return min + ((pixel - left) / Math.max(1, width)) * (max - min);
  }

  yToPixel(y: number): number {
    return (this.#plot?.valToPos(y, 'y') ?? 0) + this.area.top;
  }

  get canvas(): HTMLCanvasElement | null {
    return this.#plot?.ctx.canvas ?? null;
  }

  #draw(): void {
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (width < 20 || height < 20) return;
    this.#makePlot(width, height);
    const plot = this.#plot as uPlot;
    if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    this.#x = this.range;
    const pixels = Math.max(1, Math.round(plot.bbox.width));
    this.#drawn = this.picture.lines.map((line) => decimate(line.curve, this.#x.min, this.#x.max, pixels));
    this.#y = this.#yRange();
    // Setting x has everything drawn anew, whether it changes or not.
    plot.batch(() => {
      plot.setScale('x', this.#x);
      plot.setScale('y', this.#y);
    });
    this.onDrawn();
  }

  #yRange(): Range {
    const { isLog, levels } = this.picture;
    let min = Infinity;
    let max = -Infinity;
    for (const drawn of this.#drawn) {
      const extent = drawnExtent(drawn, this.#x.min, this.#x.max, isLog);
      min = Math.min(min, extent.min);
      max = Math.max(max, extent.max);
    }
    for (const { value } of levels) {
      if (isLog && value <= 0) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return isLog ? niceLogRange(min, max) : niceRange(min, max);
  }

  /** uPlot is made anew where what it keeps changes: the number of lines, the kind of scale, the theme. */
  #makePlot(width: number, height: number): void {
    const { lines, isLog, xAxis } = this.picture;
    const make = JSON.stringify([lines.map(keyOf), isLog, xAxis]);
    if (this.#plot && make === this.#made) return;
    this.#made = make;
    this.#plot?.destroy();
    const yTicks = (min: number, max: number, length: number) =>
      isLog ? logTicks(min, max, length, spacing.y(length)) : ticks(min, max, length, spacing.y(length));
    const xTicks = (min: number, max: number, length: number) =>
      xAxis === 'time'
        ? timeTicks(min, max, length, spacing.x)
        : ticks(min, max, length, spacing.x, xAxis !== 'epoch');
    const axis = {
      show: this.#kind === 'whole',
      stroke: () => theme().faint,
      font: fontOf(axisFont),
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: this.#kind === 'whole' ? [8, 12, 0, 0] : [2, 2, 2, 2],
        scales: {
          x: { time: false, auto: false },
          y: { auto: false, distr: distribution[isLog ? 'log' : 'linear'] },
        },
        axes: [
          {
            ...axis,
            scale: 'x',
            size: 24,
            gap: 6,
            grid: { show: false },
            border: { show: true, stroke: () => theme().line, width: 1 },
            splits: (u, _axis, min, max) => xTicks(min, max, u.bbox.width / devicePixelRatio),
            values: (_u, splits) => (xAxis === 'time' ? splits.map(clock) : tickTexts(splits)),
          },
          {
            ...axis,
            scale: 'y',
            size: 52,
            gap: 8,
            grid: { stroke: () => theme().grid, width: 1 },
            splits: (u, _axis, min, max) => yTicks(min, max, u.bbox.height / devicePixelRatio),
            filter: (_u, splits) => splits,
            values: (_u, splits) => (isLog ? splits.map(short) : tickTexts(splits)),
          },
        ],
        series: [
          {},
          ...lines.map((line, i) => ({
            scale: 'y',
            width: lineWidth,
            // Where the points are, to a fraction of a pixel.
            pxAlign: 0,
            alpha: line.isBackdrop ? (theme().isHighContrast ? 0.55 : 0.35) : 1,
            ...(line.dash ? { dash: line.dash } : {}),
            points: { show: false },
            stroke: () => colour((this.picture.lines[i] ?? line).role),
            paths: (u: uPlot) => this.#path(u, i),
          })),
        ],
        hooks: {
          draw: [
            (u) => {
              drawMarks(u, this.picture);
            },
          ],
        },
      },
      [Float64Array.of(0, 1), ...lines.map(() => new Float64Array(2))],
      this.element,
    );
  }

  #path(u: uPlot, index: number): uPlot.Series.Paths | null {
    const drawn = this.#drawn[index];
    const line = this.picture.lines[index];
    return drawn && line ? tracePath(u, drawn, colour(line.role), this.picture.isLog) : null;
  }
}
