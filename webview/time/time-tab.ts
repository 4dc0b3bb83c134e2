// The gradient through time: every recurrent layer side by side, and the unrolled graph of the chosen step's window.
import type { RunSummary } from '../../protocol/view.ts';
import { LogScale } from '../heatmap/log-scale.ts';
import { ScaleBar } from '../heatmap/scale-bar.ts';
import type { Column } from '../data/column.ts';
import { parseThroughTime } from '../data/tags.ts';
import type { Context, Tab } from '../panel/context.ts';
import { isLive } from '../ui/run-state.ts';
import { noticeFor } from '../panel/stage.ts';
import { h, replaceWhereDifferent, show } from '../ui/dom.ts';
import { count } from '../ui/format.ts';
import { Notice } from '../ui/notice.ts';
import { Segmented } from '../ui/segmented.ts';
import { text } from '../ui/text.ts';
import { Button } from '../ui/widgets.ts';
import { layersOf, type Layer } from './layer.ts';
import { indexAt } from './paint.ts';
import { LayerCard } from './layer-card.ts';
import { UnrolledGraph } from './unrolled-graph.ts';

export class TimeTab implements Tab {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #notice = new Notice();
  readonly #state: Segmented<'h' | 'c'>;
  readonly #bar = new ScaleBar();
  readonly #follow: Button;
  readonly #cards = h('div', { class: 'layers' });
  readonly #graphs = h('div', { class: 'graphs' });
  readonly #graphOf = new Map<string, UnrolledGraph>();
  readonly #body: HTMLElement;
  readonly #known = new Map<string, Layer>();
  readonly #cardOf = new Map<Layer, LayerCard>();
  #run: RunSummary | undefined;
  /** The training step that was pinned; null: the latest. */
  #chosen: number | null = null;
  #hovered: number | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#state = new Segmented(
      text.time.state,
      [
        { value: 'h', label: text.time.states.h },
        { value: 'c', label: text.time.states.c },
      ],
      context.memory.state,
      (state) => {
        context.change({ state });
      },
    );
    this.#follow = new Button({
      label: text.time.follow,
      icon: 'debug-continue',
      onClick: () => {
        this.#choose(null);
      },
    });
    this.#body = h(
      'div',
      { class: 'time-body' },
      h('div', { class: 'controls' }, this.#state.element, this.#follow.element, this.#bar.element),
      this.#cards,
      this.#graphs,
    );
    this.element = h('section', { class: 'time-page' }, this.#body, this.#notice.element);
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#chosen !== null) this.#choose(null);
    });
  }

  update(runs: readonly RunSummary[]): void {
    const [run] = runs;
    if (run?.id !== this.#run?.id) this.#chosen = null;
    this.#run = run;
    const data = run && this.#context.data(run.id);
    const hasCells = data?.series.some(({ tag }) => parseThroughTime(tag)?.state === 'c') ?? false;
    const state = hasCells ? this.#context.memory.state : 'h';
    const layers = data ? layersOf(data, state, this.#known) : [];
    data?.want(layers.flatMap((layer) => layer.wanted));
    const hasData = layers.some(({ column }) => column.count > 0);
    const isPlain = data?.isLoaded === true && layers.length === 0 && run !== undefined && run.step > 0;
    const notice = isPlain
      ? { title: text.time.noneTitle, body: text.time.noneBody }
      : noticeFor(this.#context, run, hasData, {
          waiting: text.time.waiting,
          none: text.time.noneBody,
          noneTitle: text.time.noneTitle,
        });
    this.#notice.set(notice);
    show(this.#body, notice === null);
    if (notice !== null || !run) return;
    this.#state.set(state);
    show(this.#state.element, hasCells);
    this.#draw(layers, isLive(run), state);
  }

  #draw(layers: readonly Layer[], isRunLive: boolean, state: 'h' | 'c'): void {
    const cards = layers.map((layer) => this.#card(layer));
    const elements = cards.map(({ element }) => element);
    replaceWhereDifferent(this.#cards, elements);
    for (const [i, card] of cards.entries()) card.heatmap.bins.refresh((layers[i] as Layer).column);
    const scale = new LogScale(
      Math.min(...cards.map(({ heatmap }) => heatmap.bins.least)),
      Math.max(...cards.map(({ heatmap }) => heatmap.bins.greatest)),
    );
    this.#bar.set(scale, text.time.unit(state));
    for (const [i, card] of cards.entries()) {
      const { column } = layers[i] as Layer;
      card.set(
        scale,
        isRunLive,
        indexOf(column, this.#shownStep),
        this.#chosen === null ? null : indexOf(column, this.#chosen),
      );
    }
    show(this.#follow.element, this.#chosen !== null);
    if (this.#chosen !== null)
      this.#follow.set({ label: `${text.time.chosen(count(this.#chosen))} → ${text.time.follow}` });
    this.#drawGraphs(layers, scale, state);
  }

  /** A graph for each module: their windows differ. */
  #drawGraphs(layers: readonly Layer[], scale: LogScale, state: 'h' | 'c'): void {
    const modules = Map.groupBy(layers, ({ tag }) => tag.module);
    const graphs: HTMLElement[] = [];
    for (const [module, its] of modules) {
      let graph = this.#graphOf.get(module);
      if (!graph) this.#graphOf.set(module, (graph = new UnrolledGraph(text.time.graph.name(module))));
      graphs.push(graph.element);
      const shown = its.map((layer) => {
        const { column } = layer;
        const index = indexOf(column, this.#shownStep);
        return { tag: layer.tag, norms: index < 0 ? new Float32Array(0) : column.vector(index) };
      });
      graph.set(shown, scale, state, its[0]?.carried ?? null);
    }
    replaceWhereDifferent(this.#graphs, graphs);
  }

  /** The step under the pointer, else the pinned one, else the latest (null). */
  get #shownStep(): number | null {
    return this.#hovered ?? this.#chosen;
  }

  #choose(step: number | null): void {
    this.#chosen = step;
    this.#context.refresh();
  }

  #card(layer: Layer): LayerCard {
    let card = this.#cardOf.get(layer);
    if (card) return card;
    card = new LayerCard(layer, (name, bytes) => {
      this.#context.save(name, bytes);
    });
    card.onChoose = (index) => {
      this.#choose(layer.column.steps[index] ?? null);
    };
    card.onHover = (index) => {
      this.#hovered = index === null ? null : (layer.column.steps[index] ?? null);
      this.#context.refresh();
    };
    this.#cardOf.set(layer, card);
    return card;
  }
}

/** The last point at or before `step`; the last of all where it is null. */
function indexOf(column: Column, step: number | null): number {
  return step === null || column.count === 0 ? column.count - 1 : indexAt(column, step);
}
