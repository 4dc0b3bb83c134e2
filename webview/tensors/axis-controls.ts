// Which two axes a tensor's rows and columns go along, and at which index of the others.
import type { TensorPart } from '../../protocol/inspect.ts';
import { h, setText, show } from '../ui/dom.ts';
import { count } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { Dropdown, iconButton } from '../ui/widgets.ts';
import type { Axis } from './axes.ts';
import { placeOn } from './axes.ts';
import { withAxis, withIndex } from './part.ts';

const words = text.tensors.axes;

export class AxisControls {
  readonly element: HTMLElement;
  readonly #rows: Dropdown;
  readonly #columns: Dropdown;
  readonly #choices: HTMLElement;
  readonly #sliders = h('div', { class: 'axis-sliders' });
  readonly #sliderOf = new Map<number, { input: HTMLInputElement; value: HTMLElement }>();
  readonly #onChange: (part: TensorPart) => void;
  #part: TensorPart | null = null;
  #made = '';

  constructor(onChange: (part: TensorPart) => void) {
    this.#onChange = onChange;
    const choose = (which: 'rowAxis' | 'columnAxis') => (value: string) => {
      if (this.#part) onChange(withAxis(this.#part, which, Number(value)));
    };
    this.#rows = new Dropdown(words.rows, choose('rowAxis'));
    this.#columns = new Dropdown(words.columns, choose('columnAxis'));
    const swap = iconButton('arrow-swap', words.swap, () => {
      const part = this.#part;
      if (part?.rowAxis !== null && part) onChange(withAxis(part, 'rowAxis', part.columnAxis ?? 0));
    });
    const named = (label: string, dropdown: Dropdown) =>
      h('label', { class: 'field' }, label, dropdown.element);
    this.#choices = h(
      'div',
      { class: 'controls' },
      named(words.rows, this.#rows),
      swap,
      named(words.columns, this.#columns),
    );
    this.element = h('div', { class: 'axis-controls' }, this.#choices, this.#sliders);
  }

  set(part: TensorPart, axes: readonly Axis[]): void {
    this.#part = part;
    show(this.element, axes.length > 1);
    if (axes.length < 2) return;
    const options = axes.map(({ name, size }, i) => ({
      value: String(i),
      label: words.sized(name, count(size)),
    }));
    this.#rows.set(options, String(part.rowAxis));
    this.#columns.set(options, String(part.columnAxis));
    const others = axes.flatMap((axis, i) =>
      i === part.rowAxis || i === part.columnAxis ? [] : [{ axis, i }],
    );
    const made = JSON.stringify(others);
    if (made !== this.#made) {
      this.#made = made;
      this.#sliderOf.clear();
      this.#sliders.replaceChildren(...others.map(({ axis, i }) => this.#slider(axis, i)));
    }
    for (const { axis, i } of others) {
      const slider = this.#sliderOf.get(i);
      const index = part.at[i] ?? 0;
      if (!slider) continue;
      if (slider.input.valueAsNumber !== index) slider.input.value = String(index);
      setText(slider.value, `${placeOn(axis, index)} ${words.of(count(axis.size))}`);
    }
  }

  #slider(axis: Axis, i: number): HTMLElement {
    const value = h('span', { class: 'faint' });
    const input = h('input', {
      type: 'range',
      min: 0,
      max: axis.size - 1,
      step: 1,
      value: 0,
      'aria-label': words.index(axis.name),
      on: {
        input: () => {
          if (this.#part) this.#onChange(withIndex(this.#part, i, input.valueAsNumber));
        },
      },
    });
    this.#sliderOf.set(i, { input, value });
    return h('label', { class: 'field' }, axis.name, input, value);
  }
}
