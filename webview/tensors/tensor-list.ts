// Every module and tensor of the model in a list that is filtered and walked through with keys.
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { count } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { textField } from '../ui/widgets.ts';
import { VirtualList, type Place } from '../ui/virtual-list.ts';
import { matching, type Choice } from './choices.ts';

const shape = { rowHeight: 22, itemWidth: Infinity };
const icons = {
  module: 'symbol-class',
  parameter: 'symbol-array',
  buffer: 'database',
  variable: 'symbol-variable',
} as const;
const words = text.tensors;

interface ChoicePlace extends Place {
  icon: HTMLElement;
  name: HTMLElement;
  note: HTMLElement;
  index: number;
}

export class TensorList {
  readonly element: HTMLElement;
  onChoose: (choice: Choice) => void = () => undefined;
  readonly #list: VirtualList<ChoicePlace>;
  readonly #count = h('span', { class: 'faint' });
  readonly #none = h('p', { class: 'faint', hidden: true }, words.noMatch);
  #all: readonly Choice[] = [];
  #shown: readonly Choice[] = [];
  #chosen: Choice | undefined;
  #filter = '';

  constructor() {
    this.#list = new VirtualList(
      words.list,
      () => this.#makePlace(),
      (place, index) => {
        this.#bind(place, index);
      },
      () => undefined,
    );
    this.#list.onActive = (index) => {
      this.#choose(index);
    };
    const filter = textField({
      label: words.filter,
      placeholder: words.filter,
      onInput: (value) => {
        this.#filter = value;
        this.#fill();
      },
    });
    this.element = h(
      'section',
      { class: 'tensor-list', 'aria-label': words.list },
      h('div', { class: 'list-head' }, filter, this.#count),
      this.#none,
      h('div', { class: 'list-frame' }, this.#list.element),
    );
  }

  /** @param chosen the one that is looked at */
  set(choices: readonly Choice[], chosen: Choice | undefined): void {
    if (choices === this.#all && chosen === this.#chosen) return;
    const isNew = choices !== this.#all;
    this.#all = choices;
    this.#chosen = chosen;
    this.#fill();
    if (isNew) this.#list.reveal(this.#list.active);
  }

  #fill(): void {
    this.#shown = matching(this.#all, this.#filter);
    const { length } = this.#shown;
    this.element.style.setProperty('--rows', String(length));
    setText(this.#count, words.count(count(length), count(this.#all.length)));
    show(this.#none, length === 0 && this.#all.length > 0);
    const at = this.#shown.indexOf(this.#chosen as Choice);
    if (at >= 0) this.#list.active = at;
    this.#list.set(length, shape);
  }

  #choose(index: number): void {
    const choice = this.#shown[index];
    if (!choice) return;
    this.#list.active = index;
    this.onChoose(choice);
  }

  #makePlace(): ChoicePlace {
    const name = h('bdi');
    const note = h('span', { class: 'faint choice-note' });
    const mark = h('span', { class: 'codicon', 'aria-hidden': 'true' });
    const element = h(
      'div',
      { class: 'choice' },
      mark,
      h('span', { class: 'parameter-name code' }, name),
      note,
    );
    const place: ChoicePlace = { element, icon: mark, name, note, index: 0 };
    element.addEventListener('click', () => {
      this.#choose(place.index);
    });
    return place;
  }

  #bind(place: ChoicePlace, index: number): void {
    const choice = this.#shown[index];
    if (!choice) return;
    place.index = index;
    const { name, kind, note, sameAs } = choice;
    setAttribute(place.icon, 'class', `codicon codicon-${icons[kind]}`);
    setText(place.name, name === '' ? words.model : name);
    setText(place.note, note);
    setAttribute(place.element, 'title', sameAs === null ? `${name} ${note}` : words.sameAs(sameAs));
    setAttribute(place.element, 'data-kind', kind);
    setAttribute(place.element, 'aria-current', choice === this.#chosen ? 'true' : null);
  }
}
