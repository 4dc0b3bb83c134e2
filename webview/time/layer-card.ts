// One layer: its verdict in words, its heatmap, and the profile of the chosen step.
import { Figure } from '../chart/figure.ts';
import type { Mark } from '../chart/line.ts';
import { curveOfValues } from '../data/curve.ts';
import type { Findings, Flow } from '../data/flow.ts';
import type { LogScale } from '../heatmap/log-scale.ts';
import { announce } from '../ui/announce.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';
import { count, exact, percent, short } from '../ui/format.ts';
import { TableToggle, type TableContent } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import type { Layer } from './layer.ts';
import { TimeHeatmap, type Cell } from './time-heatmap.ts';

export class LayerCard {
  readonly element: HTMLElement;
  readonly heatmap = new TimeHeatmap();
  /** The pointer or the keys are on this point of the series. */
  onHover: (index: number | null) => void = () => undefined;
  onChoose: (index: number) => void = () => undefined;
  readonly #layer: Layer;
  readonly #verdict = h('span', { class: 'verdict' });
  /** Of the step whose profile is drawn. */
  readonly #words = h('p', { class: 'faint' });
  readonly #rule = h('p');
  readonly #readout = h('div', { class: 'readout' });
  readonly #columns = h('p', { class: 'faint' });
  readonly #profile: Figure;
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });

  constructor(layer: Layer, onSave: (name: string, bytes: Uint8Array) => void) {
    this.#layer = layer;
    const { module, layer: depth, isReverse, state } = layer.tag;
    const name = text.time.layer(module, String(depth), isReverse);
    this.#profile = new Figure({
      title: `${name}: ${text.time.unit(state)}`,
      xLabel: text.time.timeStep,
      wheel: 'when asked',
      describeX: (t) => text.place.timeStep(String(t)),
      onSave,
    });
    this.#profile.element.classList.add('profile');
    this.#profile.element.querySelector('header')?.append(this.#words);
    this.heatmap.element.setAttribute('role', 'application');
    this.heatmap.element.setAttribute('aria-roledescription', text.time.heatmapKind);
    this.heatmap.element.setAttribute('aria-label', text.time.heatmap(text.time.unit(state), name));
    this.heatmap.element.setAttribute('aria-description', text.time.heatmapKeys);
    this.heatmap.onMove = (cell) => {
      this.#read(cell);
      this.onHover(cell?.index ?? null);
    };
    this.heatmap.onChoose = (index) => {
      this.onChoose(index);
    };
    this.element = h(
      'section',
      { class: 'layer', 'aria-label': name },
      h(
        'header',
        {},
        h('h3', { class: 'code', title: name }, name),
        this.#verdict,
        h('div', { class: 'tools' }, this.#table.button),
      ),
      this.#rule,
      h('div', { class: 'faint' }, text.time.timeStep),
      this.heatmap.element,
      h(
        'div',
        { class: 'time-foot' },
        this.#readout,
        h('div', { class: 'x-label' }, text.time.trainingSteps),
      ),
      this.#columns,
      this.#table.element,
      this.#profile.element,
    );
  }

  /** @param shown the point whose profile is drawn; `chosen`: the one that was pinned */
  set(scale: LogScale, isLive: boolean, shown: number, chosen: number | null): void {
    const { column, tag } = this.#layer;
    this.heatmap.set(column, scale, isLive, chosen);
    const { size } = this.heatmap.bins;
    setText(this.#columns, size > 1 ? text.time.aggregated(count(size)) : '');
    this.#judge(this.#layer.findings());
    this.#fillTable();
    if (shown < 0 || shown >= column.count) return;
    this.#profile.setTitle(text.time.profile(count(column.steps[shown] as number)));
    const norms = column.vector(shown);
    const flow = this.#layer.flow(shown);
    this.#profile.set({
      lines: [{ label: text.time.unit(tag.state), curve: curveOfValues(norms), role: 'before' }],
      marks: reachMark(flow, tag.isReverse),
      levels: [],
      isLog: true,
      xAxis: 'timeStep',
      isLive: false,
    });
    setText(this.#words, describeFlow(flow, text.time.unit(tag.state), tag.isReverse));
  }

  #fillTable(): void {
    this.#table.fill(() => tableOf(this.#layer));
  }

  #judge(findings: Findings): void {
    const { verdict } = findings;
    setText(this.#verdict, verdict ? text.time.verdict[verdict] : text.time.verdict.none);
    setAttribute(this.#verdict, 'data-verdict', verdict ?? 'none');
    setText(this.#rule, ruleOf(findings, this.#layer.isOfTwoStates));
  }

  #read(cell: Cell | null): void {
    const { column } = this.#layer;
    const value = cell ? column.vector(cell.index)[cell.t] : undefined;
    if (!cell) {
      setText(this.#readout, '');
      return;
    }
    const step = text.place.step(count(column.steps[cell.index] as number));
    const norm = value === undefined ? '–' : exact(value);
    setText(this.#readout, `${step} · ${text.place.timeStep(String(cell.t))} · ${norm}`);
    if (document.activeElement === this.heatmap.element) announce(this.#readout.textContent);
  }
}

/** Every recorded step's window in a row. */
function tableOf(layer: Layer): TableContent {
  const { column } = layer;
  const { table } = text.time;
  return {
    caption: text.time.unit(layer.tag.state),
    columns: [text.fact.step, table.largest, table.first, table.last, table.reach],
    rows: column.count,
    cell: (row, place) => {
      const norms = column.vector(row);
      if (place === 0) return count(column.steps[row] as number);
      if (place === 4) {
        const flow = layer.flow(row);
        return flow.isAny ? `${flow.reach} / ${flow.length - 1}` : '';
      }
      const number = [norms.reduce((a, b) => Math.max(a, b), 0), norms[0], norms.at(-1)][place - 1];
      return number === undefined ? '' : exact(number);
    },
  };
}

/** The time step to which a window's reach goes back. */
function reachEnd({ reach, length }: Flow, isReverse: boolean): number {
  return isReverse ? reach : length - 1 - reach;
}

/** Where the reach ends. */
function reachMark(flow: Flow, isReverse: boolean): Mark[] {
  // A reach to the window's start ends nowhere.
  if (!flow.isAny || flow.reach >= flow.length - 1) return [];
  return [
    {
      x: reachEnd(flow, isReverse),
      isAlarm: false,
      isLabelled: true,
      text: text.time.reach(String(flow.reach), String(flow.length - 1)),
    },
  ];
}

/** One window in a sentence: the number, the rule, the place. */
function describeFlow(flow: Flow, unit: string, isReverse: boolean): string {
  const { words } = text.time;
  if (!flow.isAny) return words.noGradient(unit);
  if (flow.growth === Infinity) return words.notFinite(unit, String(reachEnd(flow, isReverse)));
  const way = flow.length - 1;
  if (flow.length === 1) return words.single(unit);
  if (flow.growth >= 10) return words.grows(unit, short(flow.growth), String(way));
  if (flow.reach < way) return words.falls(unit, String(flow.reach + 1), String(way));
  return words.whole(unit, String(way), percent(flow.left));
}

function ruleOf({ verdict, reach, way, exploded, windows }: Findings, isOfTwoStates: boolean): string {
  const { rules } = text.time;
  const states = isOfTwoStates ? ` ${rules.farther}` : '';
  if (verdict === null) return rules.unsettled(String(windows));
  if (verdict === 'exploding') return rules.exploding(percent(exploded), String(windows)) + states;
  const numbers = [String(reach), String(way), String(windows)] as const;
  return (verdict === 'vanishing' ? rules.vanishing(...numbers) : rules.healthy(...numbers)) + states;
}
