// The list of parameters with what chooses among them, and the same as a table.
import type { Range } from '../chart/scale.ts';
import type { RunData } from '../data/run-data.ts';
import type { Context } from '../panel/context.ts';
import { h, setText, show } from '../ui/dom.ts';
import { count, exact } from '../ui/format.ts';
import { Segmented } from '../ui/segmented.ts';
import { TableToggle, type TableContent } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { Dropdown, textField } from '../ui/widgets.ts';
import { ParameterList } from './parameter-list.ts';
import { Parameters, type Metric, type Sort } from './parameters.ts';

const metrics: readonly Metric[] = ['grad', 'weight', 'ratio'];
const sorts: readonly Sort[] = ['model', 'name', 'largest', 'smallest', 'alarms'];

export class ParameterSection {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #list: ParameterList;
  readonly #table: TableToggle;
  readonly #count = h('span', { class: 'faint' });
  readonly #none = h('p', { class: 'faint', hidden: true }, text.gradients.noMatch);
  readonly #parameters = new Map<string, Parameters>();
  #filter = '';

  /** @param onChange what is in sight, or how it is to be shown, has changed */
  constructor(context: Context, onChange: () => void) {
    this.#context = context;
    this.#list = new ParameterList(onChange);
    const { memory } = context;
    const metric = new Segmented(
      text.gradients.metric,
      metrics.map((value) => ({ value, label: text.gradients.metrics[value] })),
      memory.metric,
      (value) => {
        context.change({ metric: value });
      },
    );
    const layout = new Segmented(
      text.gradients.layout,
      [
        { value: 'heatmap', label: text.gradients.heatmap },
        { value: 'multiples', label: text.gradients.multiples },
      ],
      memory.layout,
      (value) => {
        context.change({ layout: value });
      },
    );
    const filter = textField({
      label: text.gradients.filter,
      placeholder: text.gradients.filter,
      onInput: (value) => {
        this.#filter = value;
        onChange();
      },
    });
    const sort = new Dropdown(text.gradients.sort, (value) => {
      context.change({ sort: value as Sort });
    });
    sort.set(
      sorts.map((value) => ({ value, label: text.gradients.sorts[value] })),
      memory.sort,
    );
    this.#table = new TableToggle(onChange);
    this.element = h(
      'section',
      { class: 'parameter-section', 'aria-label': text.gradients.parameters },
      h(
        'header',
        {},
        h('h3', {}, text.gradients.parameters),
        this.#count,
        h('div', { class: 'tools' }, this.#table.button),
      ),
      h('div', { class: 'controls' }, metric.element, layout.element, filter, sort.element),
      this.#none,
      this.#list.element,
      this.#table.element,
    );
  }

  set onCursor(onCursor: (step: number | null) => void) {
    this.#list.onCursor = onCursor;
  }

  showCursor(step: number | null): void {
    this.#list.showCursor(step);
  }

  /** The series in sight. */
  wanted(data: RunData): string[] {
    return this.#parameters.has(data.run) && !this.#table.isOn ? this.#list.wanted : [];
  }

  update(data: RunData, range: Range): void {
    let parameters = this.#parameters.get(data.run);
    if (!parameters) this.#parameters.set(data.run, (parameters = new Parameters(data)));
    const { metric, layout, sort } = this.#context.memory;
    const names = parameters.listed(this.#filter, sort, metric);
    setText(this.#count, text.gradients.count(count(names.length), count(parameters.names.length)));
    show(this.#none, names.length === 0 && parameters.names.length > 0);
    show(this.#list.element, names.length > 0 && !this.#table.isOn);
    this.#table.fill(() => tableOf(parameters, names));
    if (!this.#table.isOn) this.#list.set(parameters, names, metric, layout, range);
  }
}

function tableOf(parameters: Parameters, names: readonly string[]): TableContent {
  const { parameter, alarm: alarmTitle } = text.gradients.columns;
  return {
    caption: text.gradients.lastValues,
    columns: [parameter, ...metrics.map((metric) => text.gradients.metrics[metric]), alarmTitle],
    rows: names.length,
    cell: (row, column) => {
      const name = names[row] ?? '';
      if (column === 0) return name;
      const metric = metrics[column - 1];
      if (metric) return exact(parameters.last(name, metric));
      const alarm = parameters.alarm(name);
      return alarm ? text.gradients.alarms[alarm] : '';
    },
  };
}
