// Any tensor of the model: the list to pick from, and the view of the one that was picked.
import type { TensorKind } from '../../protocol/inspect.ts';
import type { RunSummary } from '../../protocol/view.ts';
import { parameterNames } from '../data/tags.ts';
import type { Context, Tab } from '../panel/context.ts';
import { noticeFor } from '../panel/stage.ts';
import { h, show } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';
import { isLive } from '../ui/run-state.ts';
import { text } from '../ui/text.ts';
import { choicesOf, kindsOf, type Choice } from './choices.ts';
import type { Place } from './look.ts';
import { TensorList } from './tensor-list.ts';
import { TensorView } from './tensor-view.ts';

export class TensorsTab implements Tab {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #notice = new Notice();
  readonly #choose = new Notice();
  readonly #list = new TensorList();
  readonly #view: TensorView;
  readonly #body: HTMLElement;
  #choices: readonly Choice[] = [];
  #choicesOf: readonly unknown[] = [];

  constructor(context: Context) {
    this.#context = context;
    this.#view = new TensorView(context);
    this.#list.onChoose = ({ name, kind }) => {
      // Going from one parameter to the next keeps the side that is looked at.
      const { tensorKind } = context.memory;
      const kinds: readonly TensorKind[] = kindsOf[kind];
      context.change({
        tensor: name,
        tensorKind: kinds.includes(tensorKind) ? tensorKind : (kinds[0] as TensorKind),
      });
    };
    this.#body = h(
      'div',
      { class: 'tensors-body' },
      this.#list.element,
      h('div', { class: 'tensor-place' }, this.#view.element, this.#choose.element),
    );
    this.element = h('section', { class: 'tensors-page' }, this.#body, this.#notice.element);
  }

  update(runs: readonly RunSummary[]): void {
    const [run] = runs;
    const choices = run ? this.#choicesFor(run) : [];
    const problem = choices.length === 0 && run ? this.#context.model(run.id).problem : null;
    const notice =
      problem === null
        ? noticeFor(this.#context, run, choices.length > 0, text.tensors)
        : { title: text.tensors.state.failed, detail: problem };
    this.#notice.set(notice);
    show(this.#body, notice === null);
    const data = run && this.#context.data(run.id);
    if (notice || !data) {
      data?.want([]);
      this.#view.rest();
      return;
    }
    const { tensor, tensorKind } = this.#context.memory;
    const choice = chosenOf(choices, tensor, tensorKind);
    this.#list.set(choices, choice);
    this.#choose.set(choice ? null : { title: text.tensors.choose, body: text.tensors.chooseBody });
    show(this.#view.element, choice !== undefined);
    if (!choice) {
      data.want([]);
      this.#view.rest();
      return;
    }
    const kinds: readonly TensorKind[] = kindsOf[choice.kind];
    const kind = kinds.includes(tensorKind) ? tensorKind : (kinds[0] as TensorKind);
    const others = runs.slice(1).map((other) => ({ name: other.name, place: this.#placeOf(other) }));
    const logged = loggedTag(choice.name, kind);
    data.want(logged !== null && data.has(logged) ? [logged] : []);
    this.#view.show(choice, kind, this.#placeOf(run), data.column(logged ?? ''), others);
  }

  rest(): void {
    this.#view.rest();
  }

  /** The same list until something new is known. */
  #choicesFor(run: RunSummary): readonly Choice[] {
    const model = this.#context.model(run.id);
    model.want(JSON.stringify([run.state, run.step]));
    const data = this.#context.data(run.id);
    // Not before it is known that the model says nothing do the series stand in for it.
    const series = model.isKnown && !model.info ? data.series : null;
    const made = [run.id, model.info, series];
    if (made.some((part, i) => part !== this.#choicesOf[i])) {
      this.#choicesOf = made;
      const names = series ? parameterNames(series.map(({ tag }) => tag)) : [];
      this.#choices = model.info || series ? choicesOf(model.info, names) : [];
    }
    return this.#choices;
  }

  #placeOf(run: RunSummary): Place {
    return {
      run: run.id,
      isLive: isLive(run),
      isPaused: run.state === 'paused',
      step: run.step,
      ask: (question) => this.#context.inspect(run.id, question),
    };
  }
}

/** The series of a tensor's histograms; null where none is kept of its kind. */
function loggedTag(name: string, kind: TensorKind): string | null {
  if (kind === 'parameter') return `histogram/weight/${name}`;
  return kind === 'gradient' ? `histogram/grad/${name}` : null;
}

/** The model as a whole has no name: without one it is meant where an output is asked for, else the first parameter. */
function chosenOf(choices: readonly Choice[], name: string, wanted: TensorKind): Choice | undefined {
  const named = choices.filter((choice) => choice.name === name);
  const exact = named.find(({ kind }) => kindsOf[kind].includes(wanted));
  // The script's variables are not listed: a hover leads to one.
  if (!exact && wanted === 'variable') return { name, kind: 'variable', note: '', owner: null, sameAs: null };
  if (exact || name !== '') return exact ?? named[0];
  return choices.find(({ kind }) => kind === 'parameter') ?? choices[0];
}
