// Which runs the panel shows: the name brings one to the foreground, the box lays it over the others.
import type { RunSummary } from '../../protocol/view.ts';
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { steady } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { Button } from '../ui/widgets.ts';

/** As many as there are hues to tell them apart. */
const mostRuns = 6;

export class RunPicker {
  readonly element: HTMLElement;
  readonly #button: Button;
  readonly #list = h('ul', { class: 'run-list' });
  readonly #popover: HTMLElement;
  readonly #onChange: (runs: string[]) => void;
  #runs: readonly RunSummary[] = [];
  #shown: readonly string[] = [];
  #drawn = '';

  constructor(onChange: (runs: string[]) => void) {
    this.#onChange = onChange;
    this.#button = new Button({
      label: text.panel.compare,
      icon: 'layers',
      onClick: () => {
        this.#open(this.#popover.hidden === true);
      },
    });
    this.#popover = h(
      'div',
      { class: 'popover', role: 'dialog', 'aria-label': text.panel.runs, hidden: true },
      this.#list,
      h('p', { class: 'faint' }, text.panel.compareHint),
    );
    this.element = h('div', { class: 'run-picker' }, this.#button.element, this.#popover);
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#popover.hidden) return;
      event.stopPropagation();
      this.#open(false);
      this.#button.element.focus();
    });
    this.element.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !this.element.contains(next)) this.#open(false);
    });
    document.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(this.element)) this.#open(false);
    });
  }

  set(runs: readonly RunSummary[], shown: readonly string[]): void {
    this.#runs = runs;
    this.#shown = shown;
    show(this.element, runs.length > 0);
    if (!this.#popover.hidden) this.#fill();
  }

  #open(isOpen: boolean): void {
    show(this.#popover, isOpen);
    setAttribute(this.#button.element, 'aria-expanded', String(isOpen));
    if (!isOpen) return;
    this.#fill();
    this.#list.querySelector('input')?.focus();
  }

  /** Rows are made anew only where runs come or go: what has the focus keeps it. */
  #fill(): void {
    const key = JSON.stringify(this.#runs.map(({ id, name }) => [id, name]));
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.#list.replaceChildren(...this.#runs.map((run) => this.#row(run)));
    }
    for (const [i, row] of [...this.#list.children].entries()) {
      const run = this.#runs[i];
      const box = row.querySelector('input');
      const loss = row.querySelector('.run-loss');
      if (!run || !box || !loss) continue;
      box.checked = this.#shown.includes(run.id);
      box.disabled = !box.checked && this.#shown.length >= mostRuns;
      setAttribute(row, 'aria-current', this.#shown[0] === run.id ? 'true' : null);
      setText(loss, run.lastLoss === null ? text.state[run.state] : steady(run.lastLoss));
    }
  }

  #row({ id, name }: RunSummary): HTMLElement {
    const box = h('input', { type: 'checkbox', 'aria-label': text.panel.overlay(name) });
    box.addEventListener('change', () => {
      const others = this.#shown.filter((one) => one !== id);
      if (!box.checked && others.length === 0) box.checked = true;
      else this.#onChange(box.checked ? [...this.#shown, id] : others);
    });
    const bring = () => {
      const others = this.#shown.filter((one) => one !== id);
      this.#onChange(this.#shown.includes(id) ? [id, ...others] : [id]);
    };
    return h(
      'li',
      {},
      box,
      h('button', { type: 'button', class: 'run-pick', title: name, on: { click: bring } }, name),
      h('span', { class: 'run-loss faint' }),
    );
  }
}
