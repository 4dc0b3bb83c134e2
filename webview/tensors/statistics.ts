// The numbers of a tensor, and beside them those of the part in sight.
import type { TensorStatistics } from '../../protocol/inspect.ts';
import { h, setAttribute, show } from '../ui/dom.ts';
import { count, percent, short } from '../ui/format.ts';
import { text } from '../ui/text.ts';

const names = Object.keys(text.tensors.statistics.rows) as (keyof typeof text.tensors.statistics.rows)[];

export class Statistics {
  readonly element: HTMLElement;
  readonly #table = h('table', { class: 'statistics' });
  #shown = '';

  constructor() {
    const { title } = text.tensors.statistics;
    this.element = h(
      'section',
      { class: 'tensor-figure', 'aria-label': title },
      h('h3', {}, title),
      this.#table,
    );
  }

  /** @param part null where all of the tensor is in sight */
  set(whole: TensorStatistics, part: TensorStatistics | null): void {
    const shown = JSON.stringify([whole, part]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { rows, whole: all, part: inSight } = text.tensors.statistics;
    const head = h(
      'thead',
      {},
      h('tr', {}, h('td'), h('th', { scope: 'col' }, all), part && h('th', { scope: 'col' }, inSight)),
    );
    show(head, part !== null);
    const lines = names.map((name) =>
      h('tr', {}, h('th', { scope: 'row' }, rows[name]), cell(whole, name), part && cell(part, name)),
    );
    this.#table.replaceChildren(head, h('tbody', {}, ...lines));
  }
}

function cell(statistics: TensorStatistics, name: (typeof names)[number]): HTMLElement {
  const element = h('td', {}, textOf(statistics, name));
  if ((name === 'nan' || name === 'infinite') && statistics[name] > 0)
    setAttribute(element, 'class', 'alarm');
  return element;
}

function textOf(statistics: TensorStatistics, name: (typeof names)[number]): string {
  const { count: all, nan, infinite, robustLow, robustHigh } = statistics;
  switch (name) {
    case 'count':
      return count(all);
    case 'zeros':
    case 'nan':
    case 'infinite': {
      const number = statistics[name];
      return number === 0 ? '0' : `${count(number)} (${percent(number / all)})`;
    }
    case 'robust':
      return isAny() ? text.tensors.statistics.within(short(robustLow), short(robustHigh)) : '–';
    case 'mean':
    case 'deviation':
    case 'low':
    case 'high':
    case 'norm':
      return isAny() ? short(statistics[name]) : '–';
  }
  function isAny(): boolean {
    return all - nan - infinite > 0;
  }
}
