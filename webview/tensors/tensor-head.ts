// The head of a tensor's view: its name, shape, dtype and step, which of its sides is shown, and what takes it away.
import type { TensorKind, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import { announce } from '../ui/announce.ts';
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { count } from '../ui/format.ts';
import { Segmented } from '../ui/segmented.ts';
import { text } from '../ui/text.ts';
import { iconButton } from '../ui/widgets.ts';
import { kindsOf, type Choice } from './choices.ts';
import type { Place } from './look.ts';
import { literalOf, npyFile } from './take-out.ts';

const words = text.tensors;

export class TensorHead {
  readonly element: HTMLElement;
  readonly #name = h('h2', { class: 'code tensor-name' });
  readonly #facts = h('span', { class: 'faint' });
  readonly #kind: Segmented<TensorKind>;
  readonly #tools: HTMLElement;
  readonly #said = h('p');
  readonly #save: (name: string, bytes: Uint8Array) => void;
  #choice: Choice | null = null;
  #place: Place | null = null;
  #whole: { kind: TensorKind; reading: TensorReading } | null = null;
  #part: TensorQuestion | null = null;
  #isTaking = false;

  constructor(onKind: (kind: TensorKind) => void, save: (name: string, bytes: Uint8Array) => void) {
    this.#save = save;
    this.#kind = new Segmented<TensorKind>(
      words.what,
      kindsOf.parameter.map((value) => ({ value, label: words.kinds[value] })),
      'parameter',
      onKind,
    );
    this.#tools = h(
      'div',
      { class: 'tools' },
      iconButton('copy', words.copy.label, () => {
        void this.#take(() => this.#copy());
      }),
      iconButton('save', words.save.label, () => {
        void this.#take(() => this.#saveFile());
      }),
    );
    this.element = h(
      'header',
      { class: 'tensor-head' },
      h('div', { class: 'tensor-title' }, this.#name, this.#facts, this.#tools),
      this.#kind.element,
      this.#said,
    );
  }

  set(choice: Choice, kind: TensorKind, place: Place, reading: TensorReading | null, isOld: boolean): void {
    if (choice.name !== this.#choice?.name || place.run !== this.#place?.run) setText(this.#said, '');
    this.#choice = choice;
    this.#place = place;
    this.#part = null;
    const found = reading?.found === true && reading.problem === null ? reading : null;
    this.#whole = found && { kind, reading: found };
    setText(this.#name, choice.name === '' ? words.model : choice.name);
    setAttribute(this.#name, 'title', choice.name);
    this.#kind.set(kind);
    show(this.#kind.element, kindsOf[choice.kind].length > 1);
    show(this.#tools, found !== null);
    setText(this.#facts, found ? factsOf(found, place, isOld) : choice.note);
  }

  /** @param part what is in sight; null while it is being read */
  setPart(part: TensorQuestion | null): void {
    this.#part = part;
  }

  /** One at a time; what comes of it is said below. */
  async #take(how: () => Promise<string>): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      setText(this.#said, await how());
    } catch (error) {
      setText(this.#said, error instanceof Error ? error.message : String(error));
    }
    this.#isTaking = false;
    announce(this.#said.textContent);
  }

  async #copy(): Promise<string> {
    if (!this.#place || !this.#part) return words.state.reading;
    const literal = await literalOf(this.#place.ask, this.#part);
    await navigator.clipboard.writeText(literal.text);
    return words.copy.done(count(literal.count));
  }

  async #saveFile(): Promise<string> {
    const [place, whole, choice] = [this.#place, this.#whole, this.#choice];
    if (!place || !whole || !choice) return words.state.reading;
    const { kind, reading } = whole;
    const bytes = await npyFile(place.ask, { kind, name: choice.name }, reading, (share) => {
      setText(this.#said, share);
    });
    const side = kindsOf[choice.kind].length > 1 ? ` ${words.kinds[kind].toLowerCase()}` : '';
    this.#save(`${choice.name || words.model}${side} step ${reading.step}.npy`, bytes);
    return '';
  }
}

function factsOf(reading: TensorReading, { isLive }: Place, isOld: boolean): string {
  const { shape, dtype, step } = reading;
  const facts = [words.facts(`[${shape.map(count).join(', ')}]`, dtype)];
  if (Number.isFinite(step))
    facts.push(isLive ? words.state.step(count(step)) : words.state.snapshot(count(step)));
  if (isOld) facts.push(words.state.older);
  return facts.join(' · ');
}
