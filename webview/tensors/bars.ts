// A histogram: bars over values, their counts on a log scale or a linear one, read bin by bin.
import { logTicks, niceRange, ticks } from '../chart/scale.ts';
import { fit } from '../heatmap/canvas.ts';
import { announce } from '../ui/announce.ts';
import { type Area, within } from '../ui/area.ts';
import { h, onNextFrame, setText, show } from '../ui/dom.ts';
import { count, percent, short, tickTexts } from '../ui/format.ts';
import { Segmented } from '../ui/segmented.ts';
import { TableToggle } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { fontOf, onThemeChange, theme } from '../ui/theme.ts';
import { edgesOf, type Bins } from './bins.ts';

/** Of a bar, in CSS pixels. */
const mostWide = 32;
const margin = { left: 60, right: 12, top: 8, bottom: 22 };

export class Bars {
  readonly element: HTMLElement;
  readonly #plot = h('div', { class: 'bars', tabindex: 0, role: 'application' });
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #hair = h('div', { class: 'heat-cursor', hidden: true });
  readonly #readout = h('div', { class: 'readout' });
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });
  readonly #scale: Segmented<'log' | 'linear'>;
  #bins: Bins | null = null;
  #isLog = true;
  #at: number | null = null;
  readonly #refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor(onScale: (isLog: boolean) => void) {
    const { histogram } = text.tensors;
    this.#scale = new Segmented(
      histogram.counts,
      [
        { value: 'log', label: histogram.log },
        { value: 'linear', label: histogram.linear },
      ],
      'log',
      (value) => {
        onScale(value === 'log');
      },
    );
    this.#plot.setAttribute('aria-roledescription', histogram.kind);
    this.#plot.setAttribute('aria-label', histogram.title);
    this.#plot.setAttribute('aria-description', histogram.keys);
    this.#plot.append(this.#canvas, this.#hair);
    this.element = h(
      'section',
      { class: 'tensor-figure', 'aria-label': histogram.title },
      h(
        'header',
        {},
        h('h3', {}, histogram.title),
        this.#scale.element,
        h('div', { class: 'tools' }, this.#table.button),
      ),
      this.#plot,
      this.#readout,
      this.#table.element,
    );
    new ResizeObserver(this.#refresh).observe(this.#plot);
    onThemeChange(this.#refresh);
    this.#listen();
  }

  set(bins: Bins, isLog: boolean): void {
    this.#bins = bins;
    this.#isLog = isLog;
    this.#scale.set(isLog ? 'log' : 'linear');
    if (this.#at !== null && this.#at >= bins.counts.length) this.#at = null;
    this.#fillTable();
    this.#refresh();
  }

  get #area(): Area {
    return within(this.#plot, margin);
  }

  #listen(): void {
    this.#plot.addEventListener('pointermove', (event) => {
      const { left, width } = this.#area;
      const share = (event.clientX - this.#plot.getBoundingClientRect().left - left) / width;
      this.#moveTo(Math.floor(share * (this.#bins?.counts.length ?? 0)));
    });
    const leave = () => {
      this.#at = null;
      this.#read();
    };
    this.#plot.addEventListener('pointerleave', leave);
    this.#plot.addEventListener('blur', leave);
    this.#plot.addEventListener('keydown', ({ key }) => {
      const to: Record<string, number> = {
        ArrowRight: (this.#at ?? -1) + 1,
        ArrowLeft: (this.#at ?? 1) - 1,
        Home: 0,
        End: Infinity,
      };
      if (to[key] === undefined) return;
      this.#moveTo(to[key]);
      announce(this.#readout.textContent);
    });
  }

  #moveTo(bin: number): void {
    const last = (this.#bins?.counts.length ?? 0) - 1;
    this.#at = last < 0 ? null : Math.max(0, Math.min(last, bin));
    this.#read();
  }

  #draw(): void {
    const surface = fit(this.#canvas, this.#plot.clientWidth, this.#plot.clientHeight);
    const bins = this.#bins;
    if (!surface || !bins) return;
    const { ctx } = surface;
    const { left, top, width, height } = this.#area;
    const most = bins.counts.reduce((a, b) => Math.max(a, b), 0);
    const y = heightOf(most, this.#isLog, height);
    ctx.font = fontOf(11);
    ctx.lineWidth = 1;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    const levels = this.#isLog
      ? logTicks(1, Math.max(10, most), height, 32)
      : ticks(0, most || 1, height, 32, true);
    for (const level of levels) {
      const at = Math.round(top + height - y(level)) + 0.5;
      if (at < top - 1) continue;
      ctx.strokeStyle = theme().grid;
      ctx.beginPath();
      ctx.moveTo(left, at);
      ctx.lineTo(left + width, at);
      ctx.stroke();
      ctx.fillStyle = theme().faint;
      ctx.fillText(short(level), left - 6, at);
    }
    ctx.fillStyle = theme().train;
    const each = width / bins.counts.length;
    for (const [i, number] of bins.counts.entries()) {
      if (number === 0) continue;
      const bar = Math.max(1, y(number));
      const wide = Math.min(mostWide, Math.max(1, each - (each > 4 ? 1 : 0)));
      ctx.fillRect(left + i * each + Math.max(0, each - mostWide) / 2, top + height - bar, wide, bar);
    }
    valueAxis(ctx, bins, this.#area, this.#plot.clientWidth);
    this.#read();
  }

  #read(): void {
    const [bins, at] = [this.#bins, this.#at];
    const { histogram } = text.tensors;
    const isRead = bins !== null && at !== null && at < bins.counts.length;
    show(this.#hair, isRead);
    if (!bins) return;
    if (!isRead) {
      const isAny = bins.counts.some((number) => number > 0);
      const isCut = bins.below + bins.above > 0;
      const outside = isCut ? histogram.outside(count(bins.below), count(bins.above)) : '';
      setText(this.#readout, isAny ? outside : histogram.none);
      return;
    }
    const { left, top, width, height } = this.#area;
    const each = width / bins.counts.length;
    this.#hair.style.transform = `translate(${Math.round(left + at * each)}px, ${top}px)`;
    this.#hair.style.width = `${Math.max(3, Math.round(each))}px`;
    this.#hair.style.height = `${height}px`;
    const all = bins.counts.reduce((a, b) => a + b, bins.below + bins.above);
    const number = bins.counts[at] as number;
    const [from, to] = edgesOf(bins, at);
    setText(
      this.#readout,
      histogram.bin(short(from), short(to), count(number), percent(all > 0 ? number / all : 0)),
    );
  }

  #fillTable(): void {
    const bins = this.#bins;
    this.#table.fill(() => ({
      caption: text.tensors.histogram.title,
      columns: [...text.tensors.histogram.columns],
      rows: bins?.counts.length ?? 0,
      cell: (row, column) =>
        !bins
          ? ''
          : column === 2
            ? count(bins.counts[row] as number)
            : short(edgesOf(bins, row)[column] as number),
    }));
  }
}

/** Pixels for a count: on the log scale one element is a tenth of the way to the first decade. */
export function heightOf(most: number, isLog: boolean, height: number): (count: number) => number {
  if (!isLog) return (count) => (count / Math.max(1, most)) * height;
  const top = Math.log10(Math.max(10, most)) + 0.1;
  return (count) => (count <= 0 ? 0 : ((Math.log10(count) + 0.1) / top) * height);
}

/** Round values under the bars. */
export function valueAxis(
  ctx: CanvasRenderingContext2D,
  { low, high }: { low: number; high: number },
  { left, top, width, height }: Area,
  end: number,
): void {
  ctx.fillStyle = theme().faint;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  if (!(high > low)) {
    ctx.fillText(short(low), left + width / 2, top + height + 6);
    return;
  }
  const range = niceRange(low, high);
  const places = ticks(range.min, range.max, width, 72).filter((value) => value >= low && value <= high);
  for (const [i, label] of tickTexts(places).entries()) {
    const x = left + (((places[i] as number) - low) / (high - low)) * width;
    const half = ctx.measureText(label).width / 2;
    ctx.fillText(label, Math.max(half, Math.min(x, end - half)), top + height + 6);
  }
}
