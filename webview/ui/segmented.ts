// One choice of few, side by side: a radio group whose arrow keys move and choose.
import { h, setAttribute } from './dom.ts';

export class Segmented<V extends string> {
  readonly element: HTMLDivElement;
  #value: V;
  readonly #buttons = new Map<V, HTMLButtonElement>();

  constructor(
    label: string,
    options: readonly { value: V; label: string }[],
    value: V,
    onChange: (value: V) => void,
  ) {
    this.#value = value;
    this.element = h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': label });
    const choose = (chosen: V) => {
      if (chosen === this.#value) return;
      this.set(chosen);
      onChange(chosen);
    };
    for (const option of options) {
      const button = h(
        'button',
        {
          role: 'radio',
          type: 'button',
          on: {
            click: () => {
              choose(option.value);
            },
          },
        },
        option.label,
      );
      this.#buttons.set(option.value, button);
      this.element.append(button);
    }
    this.element.addEventListener('keydown', (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const values = [...this.#buttons.keys()].filter((one) => !this.#buttons.get(one)?.disabled);
      const next = values[(values.indexOf(this.#value) + by + values.length) % values.length];
      if (next === undefined) return;
      choose(next);
      this.#buttons.get(next)?.focus();
    });
    this.set(value);
  }

  set(value: V): void {
    this.#value = value;
    for (const [one, button] of this.#buttons) {
      setAttribute(button, 'aria-checked', String(one === value));
      setAttribute(button, 'tabindex', one === value ? 0 : -1);
    }
  }

  /** A choice that makes no sense now; `why` is its tooltip. */
  enable(value: V, isEnabled: boolean, why = ''): void {
    const button = this.#buttons.get(value);
    if (!button) return;
    button.disabled = !isEnabled;
    setAttribute(button, 'title', isEnabled ? null : why);
  }
}
