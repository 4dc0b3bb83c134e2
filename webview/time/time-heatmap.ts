// Training step × time step: the norm of the gradient by the state, in colour. t grows upwards.
import type { Column } from '../data/column.ts';
import { TimeBins } from '../data/time-bins.ts';
import { liveEnd, ticks, type Range } from '../chart/scale.ts';
import { interact, type XCursor, type XPlot } from '../chart/interact.ts';
import { fit, Pixels } from '../heatmap/canvas.ts';
import { LogScale } from '../heatmap/log-scale.ts';
import { type Area, within } from '../ui/area.ts';
import { h, onNextFrame, show } from '../ui/dom.ts';
import { tickTexts } from '../ui/format.ts';
import { fontOf, onThemeChange, theme } from '../ui/theme.ts';
import { indexAt, paintTime } from './paint.ts';

const margin = { left: 52, right: 12, top: 4, bottom: 22 };

/** A cell: the point of the series and the time step. */
export interface Cell {
  index: number;
  t: number;
}

export class TimeHeatmap implements XPlot, XCursor {
  readonly element = h('div', { class: 'time-heatmap', tabindex: 0 });
  readonly bins = new TimeBins();
  view: Range | null = null;
  onMove: (cell: Cell | null) => void = () => undefined;
  /** A step was chosen: a click or Enter. */
  onChoose: (index: number) => void = () => undefined;
  readonly least = 1;
  readonly refresh = onNextFrame(() => {
    this.#draw();
  });
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #pixels = new Pixels();
  readonly #hair = h('div', { class: 'cursor-hair', hidden: true });
  readonly #cross = h('div', { class: 'cursor-cross', hidden: true });
  readonly #chosen = h('div', { class: 'chosen-hair', hidden: true });
  #column: Column | null = null;
  #scale = new LogScale(1, 10);
  #isLive = false;
  #cell: Cell | null = null;
  #chosenIndex: number | null = null;

  constructor() {
    this.element.append(this.#canvas, this.#chosen, this.#hair, this.#cross);
    new ResizeObserver(this.refresh).observe(this.element);
    onThemeChange(this.refresh);
    interact(this, this, 'when asked');
    this.#listen();
  }

  set(column: Column, scale: LogScale, isLive: boolean, chosen: number | null): void {
    this.#column = column;
    this.#scale = scale;
    this.#isLive = isLive;
    this.#chosenIndex = chosen;
    this.bins.refresh(column);
    this.refresh();
  }

  get area(): Area {
    return within(this.element, margin);
  }

  get extent(): Range {
    const column = this.#column;
    if (!column || column.count === 0) return { min: 0, max: 1 };
    const min = column.steps[0] as number;
    const last = column.steps[column.count - 1] as number;
    const end = last + this.#spacing(column);
    return { min, max: this.#isLive ? Math.max(end, liveEnd(last, min)) : end };
  }

  get range(): Range {
    return this.view ?? this.extent;
  }

  zoom(view: Range | null): void {
    this.view = view;
    this.refresh();
  }

  pixelToX(pixel: number): number {
    const { min, max } = this.range;
    const { left, width } = this.area;
    return min + ((pixel - left) / width) * (max - min);
  }

  get x(): number | null {
    return this.#cell ? (this.#column?.steps[this.#cell.index] ?? null) : null;
  }

  moveTo(x: number | null): void {
    const column = this.#column;
    if (x === null || !column || column.count === 0) this.#setCell(null);
    else this.#setCell({ index: indexAt(column, x), t: this.#cell?.t ?? this.bins.width - 1 });
  }

  moveBy(by: number): void {
    const column = this.#column;
    if (!column || column.count === 0) return;
    const index = this.#cell ? this.#cell.index + by : column.count - 1;
    this.#setCell({
      index: Math.max(0, Math.min(column.count - 1, index)),
      t: this.#cell?.t ?? this.bins.width - 1,
    });
  }

  #listen(): void {
    this.element.addEventListener('pointermove', (event) => {
      if (!this.#cell) return;
      const { top, height } = this.area;
      const y = event.clientY - this.element.getBoundingClientRect().top - top;
      const t = Math.floor((1 - y / height) * this.bins.width);
      this.#setCell({ index: this.#cell.index, t: Math.max(0, Math.min(this.bins.width - 1, t)) });
    });
    this.element.addEventListener('click', () => {
      if (this.#cell) this.onChoose(this.#cell.index);
    });
    this.element.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
      if (by !== 0) {
        event.preventDefault();
        if (!this.#cell) this.moveBy(0);
        if (!this.#cell) return;
        const t = Math.max(0, Math.min(this.bins.width - 1, this.#cell.t + by));
        this.#setCell({ index: this.#cell.index, t });
      } else if ((event.key === 'Enter' || event.key === ' ') && this.#cell) {
        event.preventDefault();
        this.onChoose(this.#cell.index);
      }
    });
  }

  /** Steps from one point to the next: of the last two. */
  #spacing(column: Column): number {
    const n = column.count;
    return n < 2 ? 1 : Math.max(1, (column.steps[n - 1] as number) - (column.steps[n - 2] as number));
  }

  #setCell(cell: Cell | null): void {
    if (cell?.index === this.#cell?.index && cell?.t === this.#cell?.t) return;
    this.#cell = cell;
    this.#place();
    this.onMove(cell);
  }

  #draw(): void {
    const surface = fit(this.#canvas, this.element.clientWidth, this.element.clientHeight);
    if (!surface || !this.#column) return;
    const { ctx, ratio } = surface;
    const { left, top, width, height } = this.area;
    const image = this.#pixels.fit(width, height, ratio);
    const end = (this.#column.steps[this.#column.count - 1] ?? 0) + this.#spacing(this.#column);
    paintTime(image, this.#column, this.bins, this.#scale, this.range, end);
    ctx.putImageData(image, Math.round(left * ratio), Math.round(top * ratio));
    this.#axes(ctx);
    this.#place();
  }

  #axes(ctx: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.area;
    const { min, max } = this.range;
    ctx.font = fontOf(11);
    ctx.fillStyle = theme().faint;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'center';
    const places = ticks(min, max, width, 88, true);
    for (const [i, label] of tickTexts(places).entries()) {
      const at = places[i] as number;
      const x = left + ((at - min) / (max - min)) * width;
      const most = this.element.clientWidth - ctx.measureText(label).width / 2;
      ctx.fillText(label, Math.min(x, most), top + height + 6);
    }
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    const steps = this.bins.width;
    for (const t of ticks(0, Math.max(1, steps - 1), height, 32, true)) {
      if (t >= steps) continue;
      ctx.fillText(String(t), left - 6, top + height * (1 - (t + 0.5) / steps));
    }
  }

  #place(): void {
    const column = this.#column;
    this.#placeHair(this.#chosen, this.#chosenIndex);
    this.#placeHair(this.#hair, this.#cell?.index ?? null);
    const isSeen = this.#cell !== null && column !== null && !this.#hair.hidden;
    show(this.#cross, isSeen);
    if (!isSeen || !this.#cell) return;
    const { left, top, width, height } = this.area;
    const y = top + height * (1 - (this.#cell.t + 0.5) / this.bins.width);
    this.#cross.style.transform = `translate(${left}px, ${Math.round(y)}px)`;
    this.#cross.style.width = `${width}px`;
  }

  #placeHair(hair: HTMLElement, index: number | null): void {
    const { left, top, width, height } = this.area;
    const { min, max } = this.range;
    const column = this.#column;
    const step = index === null || !column ? NaN : (column.steps[index] as number);
    const next =
      index === null || !column
        ? NaN
        : index + 1 < column.count
          ? (column.steps[index + 1] as number)
          : step + this.#spacing(column);
    const x = left + (((step + next) / 2 - min) / (max - min)) * width;
    const isSeen = x >= left && x <= left + width;
    show(hair, isSeen);
    if (!isSeen) return;
    hair.style.transform = `translate(${Math.round(x)}px, ${top}px)`;
    hair.style.height = `${height}px`;
  }
}
