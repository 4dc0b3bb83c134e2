// How a tensor's histogram has changed over the steps: one line a step, the newest in front.
import { fit } from '../heatmap/canvas.ts';
import { announce } from '../ui/announce.ts';
import { type Area, within } from '../ui/area.ts';
import { h, onNextFrame, setText } from '../ui/dom.ts';
import { count, exact, short } from '../ui/format.ts';
import { TableToggle } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { fontOf, onThemeChange, theme } from '../ui/theme.ts';
import { heightOf, valueAxis } from './bars.ts';
import type { RidgeLine } from './ridge-history.ts';

const margin = { left: 60, right: 12, top: 8, bottom: 22 };
/** A line rises over so many of those behind it. */
const overlap = 3;

export class Ridge {
  readonly element: HTMLElement;
  readonly #plot = h('div', { class: 'ridge', tabindex: 0, role: 'application' });
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #readout = h('div', { class: 'readout' });
  readonly #note = h('p', { class: 'faint' });
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });
  #lines: readonly RidgeLine[] = [];
  #isLog = true;
  /** The step that is read; null: none. */
  #step: number | null = null;
  readonly #refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor() {
    const { ridge } = text.tensors;
    this.#plot.setAttribute('aria-roledescription', ridge.kind);
    this.#plot.setAttribute('aria-label', ridge.title);
    this.#plot.setAttribute('aria-description', ridge.keys);
    this.#plot.append(this.#canvas);
    this.element = h(
      'section',
      { class: 'tensor-figure', 'aria-label': ridge.title },
      h('header', {}, h('h3', {}, ridge.title), h('div', { class: 'tools' }, this.#table.button)),
      this.#plot,
      this.#readout,
      this.#note,
      this.#table.element,
    );
    new ResizeObserver(this.#refresh).observe(this.#plot);
    onThemeChange(this.#refresh);
    this.#listen();
  }

  set(lines: readonly RidgeLine[], isLog: boolean, isLive: boolean): void {
    this.#lines = lines;
    this.#isLog = isLog;
    const { ridge } = text.tensors;
    setText(this.#note, lines.length > 1 ? '' : isLive ? ridge.one : ridge.over);
    this.#fillTable();
    this.#refresh();
  }

  get #area(): Area {
    return within(this.#plot, margin);
  }

  /** Between two base lines, and the height of the tallest bar. */
  get #rows(): { each: number; tall: number } {
    const { height } = this.#area;
    const each = height / (this.#lines.length - 1 + overlap);
    return { each, tall: each * overlap };
  }

  #listen(): void {
    const move = (index: number) => {
      const line = this.#lines[Math.max(0, Math.min(this.#lines.length - 1, index))];
      this.#step = line?.step ?? null;
      this.#refresh();
      this.#read();
    };
    this.#plot.addEventListener('pointermove', (event) => {
      const { top } = this.#area;
      const { each, tall } = this.#rows;
      const y = event.clientY - this.#plot.getBoundingClientRect().top - top;
      move(Math.round((y - tall) / each + 0.5));
    });
    const leave = () => {
      this.#step = null;
      this.#refresh();
      this.#read();
    };
    this.#plot.addEventListener('pointerleave', leave);
    this.#plot.addEventListener('blur', leave);
    this.#plot.addEventListener('keydown', (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const at = this.#lines.findIndex(({ step }) => step === this.#step);
      move(at < 0 ? this.#lines.length - 1 : at + by);
      announce(this.#readout.textContent);
    });
  }

  #read(): void {
    const line = this.#lines.find(({ step }) => step === this.#step);
    if (!line) {
      setText(this.#readout, '');
      return;
    }
    const { low, high, mean } = line;
    setText(this.#readout, text.tensors.ridge.line(count(line.step), short(low), short(high), short(mean)));
  }

  #draw(): void {
    const surface = fit(this.#canvas, this.#plot.clientWidth, this.#plot.clientHeight);
    if (!surface || this.#lines.length === 0) return;
    const { ctx } = surface;
    const area = this.#area;
    const { each, tall } = this.#rows;
    const low = Math.min(...this.#lines.map(({ bins }) => bins.low));
    const high = Math.max(...this.#lines.map(({ bins }) => bins.high));
    const most = Math.max(...this.#lines.flatMap(({ bins }) => [...bins.counts]));
    ctx.font = fontOf(11);
    let lastLabel = -Infinity;
    for (const [i, line] of this.#lines.entries()) {
      const base = area.top + tall + i * each;
      this.#drawLine(ctx, line, base, heightOf(most, this.#isLog, tall), { low, high });
      if (base - lastLabel < 16) continue;
      lastLabel = base;
      ctx.fillStyle = theme().faint;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'middle';
      ctx.fillText(count(line.step), area.left - 6, base);
    }
    valueAxis(ctx, { low, high }, area, this.#plot.clientWidth);
  }

  /** Its ground hides what is behind it. */
  #drawLine(
    ctx: CanvasRenderingContext2D,
    { step, bins }: RidgeLine,
    base: number,
    tallness: (count: number) => number,
    { low, high }: { low: number; high: number },
  ): void {
    const { left, width } = this.#area;
    const place = (value: number) => left + (high > low ? (value - low) / (high - low) : 0.5) * width;
    const each = (bins.high - bins.low) / bins.counts.length;
    const outline = new Path2D();
    outline.moveTo(left, base);
    outline.lineTo(place(bins.low), base);
    for (const [i, number] of bins.counts.entries()) {
      const y = base - tallness(number);
      outline.lineTo(place(bins.low + i * each), y);
      outline.lineTo(Math.max(place(bins.low + i * each) + 1, place(bins.low + (i + 1) * each)), y);
    }
    outline.lineTo(Math.max(place(bins.high), place(bins.low) + 1), base);
    outline.lineTo(left + width, base);
    ctx.fillStyle = theme().background;
    ctx.fill(outline);
    ctx.strokeStyle = step === this.#step ? theme().eval : theme().train;
    ctx.lineWidth = step === this.#step ? 2 : 1.5;
    ctx.stroke(outline);
  }

  #fillTable(): void {
    const lines = this.#lines;
    this.#table.fill(() => ({
      caption: text.tensors.ridge.title,
      columns: [...text.tensors.ridge.columns],
      rows: lines.length,
      cell: (row, column) => {
        const line = lines[row];
        if (!line) return '';
        const { mean, low, high } = line;
        return column === 0 ? count(line.step) : exact([mean, low, high][column - 1] as number);
      },
    }));
  }
}
