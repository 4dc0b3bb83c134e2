// A curve at a glance: no axes, its name and last value above it.
import { Chart } from '../chart/chart.ts';
import type { Level, Line } from '../chart/line.ts';
import { h, setAttribute, setText, show } from '../ui/dom.ts';

export class Miniature {
  readonly element: HTMLElement;
  readonly #chart = new Chart('miniature');
  readonly #value = h('span', { class: 'miniature-value' });
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    const { element } = this.#chart;
    element.removeAttribute('tabindex');
    element.setAttribute('role', 'img');
    this.element = h(
      'section',
      { class: 'miniature' },
      h('header', {}, h('span', { class: 'label' }, name), this.#value),
      element,
    );
  }

  set(content: { value: string; isLive: boolean; isLog: boolean; levels: Level[]; lines: Line[] }): void {
    const { value, ...picture } = content;
    setText(this.#value, value);
    setAttribute(this.#chart.element, 'aria-label', `${this.#name}: ${value}`);
    show(
      this.#chart.element,
      picture.lines.some(({ curve }) => curve.count > 0),
    );
    this.#chart.set({ ...picture, marks: [], xAxis: 'step' });
  }
}
