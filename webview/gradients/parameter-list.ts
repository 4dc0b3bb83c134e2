// Every parameter's norm over the steps, as rows of one heatmap or as small charts; only those in sight are pulled.
import { liveEnd, ticks, type Range } from '../chart/scale.ts';
import { nearest } from '../data/search.ts';
import { fit } from '../heatmap/canvas.ts';
import { LogScale } from '../heatmap/log-scale.ts';
import { ScaleBar } from '../heatmap/scale-bar.ts';
import { announce } from '../ui/announce.ts';
import { h, onNextFrame, setAttribute, setText, show } from '../ui/dom.ts';
import { count, exact, steady, tickTexts } from '../ui/format.ts';
import { Later } from '../ui/later.ts';
import { text } from '../ui/text.ts';
import { fontOf, theme } from '../ui/theme.ts';
import type { Metric, Parameters } from './parameters.ts';
import { paintMultiple, paintRow } from './strip.ts';
import { VirtualList, type ListShape, type Place } from '../ui/virtual-list.ts';

export type Layout = 'heatmap' | 'multiples';

const shapes: Record<Layout, ListShape> = {
  heatmap: { rowHeight: 20, itemWidth: Infinity },
  multiples: { rowHeight: 88, itemWidth: 200 },
};

interface ParameterPlace extends Place {
  name: HTMLElement;
  mark: HTMLElement;
  canvas: HTMLCanvasElement;
  last: HTMLElement;
  index: number;
}

export class ParameterList {
  readonly element: HTMLElement;
  /** The cursor stands on this step of a parameter; null where it has left. */
  onCursor: (step: number | null) => void = () => undefined;
  readonly #list: VirtualList<ParameterPlace>;
  readonly #axis = h('canvas', { class: 'list-axis', 'aria-hidden': 'true' });
  readonly #bar = new ScaleBar();
  readonly #readout = h('div', { class: 'readout' });
  readonly #hair = h('div', { class: 'cursor-hair', hidden: true });
  // Pictures come a frame after what can be read: their sizes are known then without laying out the page for them.
  readonly #pictures = new Later<ParameterPlace>((place) => {
    this.#paint(place);
  });
  readonly #axisLater = onNextFrame(() => {
    this.#drawAxis();
  });
  #parameters: Parameters | null = null;
  #names: readonly string[] = [];
  #metric: Metric = 'grad';
  #layout: Layout = 'heatmap';
  #range: Range = { min: 0, max: 1 };
  #scale = new LogScale(1, 10);
  #step: number | null = null;

  constructor(onRange: () => void) {
    this.#list = new VirtualList(
      text.gradients.rows,
      () => this.#makePlace(),
      (place, index) => {
        this.#bind(place, index);
      },
      () => {
        this.#pictures.run(); // rows that have just been scrolled into sight
        onRange();
      },
    );
    this.#list.onActive = (index) => {
      this.#read(index, null);
      const name = this.#names[index];
      if (name !== undefined) announce(`${name}, ${this.#readout.textContent}`);
    };
    this.element = h(
      'div',
      { class: 'parameter-list' },
      h('div', { class: 'list-head' }, this.#readout, this.#bar.element),
      h('div', { class: 'list-frame' }, this.#list.element, this.#hair),
      this.#axis,
    );
    this.#list.element.addEventListener('pointerleave', () => {
      this.#read(null, null);
      this.onCursor(null);
    });
  }

  /** @param range the steps in sight */
  set(parameters: Parameters, names: readonly string[], metric: Metric, layout: Layout, range: Range): void {
    this.#parameters = parameters;
    this.#names = names;
    this.#metric = metric;
    this.#layout = layout;
    this.#range = range;
    setAttribute(this.element, 'data-layout', layout);
    const [first, end] = this.#list.range;
    this.#rescale();
    this.#list.set(names.length, shapes[layout]);
    // The scale changes with what has come into sight.
    const [newFirst, newEnd] = this.#list.range;
    if (first !== newFirst || end !== newEnd) {
      this.#rescale();
      this.#list.set(names.length, shapes[layout]);
    }
    show(this.#bar.element, layout === 'heatmap');
    this.#bar.set(this.#scale, text.gradients.units[metric]);
    show(this.#axis, layout === 'heatmap');
    this.#axisLater();
    this.#read(null, this.#step);
  }

  /** The series in sight. */
  get wanted(): string[] {
    const [first, end] = this.#list.range;
    const parameters = this.#parameters;
    if (!parameters) return [];
    return this.#names.slice(first, end).flatMap((name) => parameters.tags(name, this.#metric));
  }

  /** Shows the same step as another chart's cursor. */
  showCursor(step: number | null): void {
    this.#step = step;
    const place = this.#stripArea();
    const { min, max } = this.#range;
    const isSeen =
      step !== null && place !== null && this.#layout === 'heatmap' && step >= min && step <= max;
    show(this.#hair, isSeen);
    if (!isSeen) return;
    const x = place.left + ((step - min) / (max - min)) * place.width;
    this.#hair.style.transform = `translateX(${Math.round(x)}px)`;
    this.#hair.style.height = '100%';
  }

  #makePlace(): ParameterPlace {
    const name = h('bdi');
    const mark = h('span', { class: 'codicon codicon-warning alarm', hidden: true });
    const canvas = h('canvas', { 'aria-hidden': 'true' });
    const last = h('span', { class: 'parameter-last' });
    const element = h(
      'div',
      { class: 'parameter' },
      h('span', { class: 'parameter-label' }, mark, h('span', { class: 'parameter-name code' }, name)),
      canvas,
      last,
    );
    const place: ParameterPlace = { element, name, mark, canvas, last, index: 0 };
    canvas.addEventListener('pointermove', (event) => {
      const { left, width } = canvas.getBoundingClientRect();
      const { min, max } = this.#range;
      const step = min + ((event.clientX - left) / Math.max(1, width)) * (max - min);
      this.#read(place.index, step);
      this.onCursor(step);
    });
    return place;
  }

  #bind(place: ParameterPlace, index: number): void {
    const name = this.#names[index];
    const parameters = this.#parameters;
    if (name === undefined || !parameters) return;
    // Not the picture of another one.
    if (place.index !== index) place.canvas.style.visibility = 'hidden';
    place.index = index;
    setText(place.name, name);
    setAttribute(place.name, 'title', name);
    setText(place.last, steady(parameters.last(name, this.#metric)));
    const alarm = parameters.alarm(name);
    show(place.mark, alarm !== null);
    if (alarm) setAttribute(place.mark, 'title', text.gradients.alarms[alarm]);
    this.#pictures.add(place);
  }

  #paint({ canvas, index }: ParameterPlace): void {
    const name = this.#names[index];
    const parameters = this.#parameters;
    if (name === undefined || !parameters) return;
    const curve = parameters.curve(name, this.#metric);
    if (this.#layout === 'heatmap') paintRow(canvas, curve, this.#range, this.#scale);
    else paintMultiple(canvas, curve, this.#range);
    canvas.style.visibility = 'visible';
  }

  /** One scale for all rows, from what of them has been seen. */
  #rescale(): void {
    let least = Infinity;
    let greatest = 0;
    const [first, end] = this.#list.range;
    for (const name of this.#names.slice(first, end)) {
      const curve = this.#parameters?.curve(name, this.#metric);
      if (!curve) continue;
      greatest = Math.max(greatest, curve.pyramid.extent(curve.y, 0, curve.count).max);
      least = Math.min(least, curve.least);
    }
    this.#scale = new LogScale(Math.min(least, greatest), greatest);
  }

  #read(index: number | null, step: number | null): void {
    const at = index ?? this.#list.active;
    const name = this.#names[at];
    if (name === undefined || !this.#parameters || (index === null && step === null)) {
      setText(this.#readout, '');
      return;
    }
    const curve = this.#parameters.curve(name, this.#metric);
    const point = step === null ? curve.count - 1 : nearest(curve.x, curve.count, step);
    const value = point < 0 ? NaN : (curve.y[point] as number);
    const where = point < 0 ? '' : `${text.place.step(count(curve.x[point] as number))} · ${exact(value)}`;
    setText(this.#readout, `${name} · ${where}`);
    setAttribute(this.#readout, 'title', name);
  }

  /** Where the rows' canvases lie, from the frame's left edge. */
  #stripArea(): { left: number; width: number } | null {
    const canvas = this.#list.element.querySelector('canvas');
    const frame = this.#list.element.parentElement;
    if (!canvas || !frame) return null;
    const { left, width } = canvas.getBoundingClientRect();
    return { left: left - frame.getBoundingClientRect().left, width };
  }

  #drawAxis(): void {
    const area = this.#stripArea();
    const surface = fit(this.#axis, this.element.clientWidth, 22);
    if (!surface || !area) return;
    const { ctx } = surface;
    const { min, max } = this.#range;
    ctx.font = fontOf(11);
    ctx.fillStyle = theme().faint;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    ctx.textAlign = 'right';
    ctx.fillText(text.axis.steps, surface.width - 16, 6);
    ctx.textAlign = 'center';
    const places = ticks(min, max, area.width, 88, true);
    for (const [i, label] of tickTexts(places).entries()) {
      const at = places[i] as number;
      ctx.fillText(label, area.left + ((at - min) / (max - min)) * area.width, 6);
    }
  }
}

/** The steps that all parameters are shown over. */
export function stepRange(first: number, last: number, isLive: boolean): Range {
  const min = first <= 1 ? 0 : first;
  return { min, max: isLive ? liveEnd(last, min) : Math.max(last, min + 1) };
}
