// One tensor: what is known of it, the part in sight as a heatmap, its distribution now and over steps, its numbers.
import type { TensorKind, TensorPart, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import type { Column } from '../data/column.ts';
import type { Context } from '../panel/context.ts';
import { h, show } from '../ui/dom.ts';
import { count } from '../ui/format.ts';
import { Notice, type NoticeContent } from '../ui/notice.ts';
import { text } from '../ui/text.ts';
import { axesOf, type Axis } from './axes.ts';
import { AxisControls } from './axis-controls.ts';
import { Bars } from './bars.ts';
import type { Choice } from './choices.ts';
import { Comparison, type OtherRun } from './comparison.ts';
import { gridOf, type Grid } from './grid.ts';
import { HeatSection } from './heat-section.ts';
import type { Cell } from './heatmap.ts';
import { Look, type Place } from './look.ts';
import { sizeOf, stretchOf, wholePart } from './part.ts';
import { Picks } from './picks.ts';
import { Ridge } from './ridge.ts';
import { lineOf, loggedLines, RidgeHistory } from './ridge-history.ts';
import { Statistics } from './statistics.ts';
import { noticeOf } from './tensor-notice.ts';
import { TensorHead } from './tensor-head.ts';

const bins = 80;
/** Up to so many elements are asked for themselves, of more as many tiles as can be told apart. */
const mostCells = 16_384;
const mostTiles = 32_768;

export class TensorView {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #head: TensorHead;
  readonly #notice = new Notice();
  readonly #axes: AxisControls;
  readonly #comparison: Comparison;
  readonly #heat: HeatSection;
  readonly #picks: Picks;
  readonly #bars: Bars;
  readonly #ridge = new Ridge();
  readonly #statistics = new Statistics();
  readonly #body: HTMLElement;
  /** All of the tensor, in numbers; and the part in sight, in tiles or cells. */
  readonly #whole: Look;
  readonly #inSight: Look;
  #histories = new Map<string, RidgeHistory>();
  /** Of which tensor the part and the pick are. */
  #key = '';
  #part: TensorPart | null = null;
  #pick: Cell | null = null;

  constructor(context: Context) {
    this.#context = context;
    const { refresh } = context;
    const save = (name: string, bytes: Uint8Array) => {
      context.save(name, bytes);
    };
    this.#whole = new Look(refresh);
    this.#inSight = new Look(refresh);
    this.#head = new TensorHead((tensorKind) => {
      context.change({ tensorKind });
    }, save);
    this.#axes = new AxisControls((part) => {
      this.#setPart(part);
    });
    this.#comparison = new Comparison(refresh);
    this.#heat = new HeatSection(
      (isScaleRobust) => {
        context.change({ isScaleRobust });
      },
      (tileValue) => {
        context.change({ tileValue });
      },
    );
    this.#heat.onPart = (part) => {
      this.#setPart(part);
    };
    this.#heat.onPick = (pick) => {
      const isSame = pick?.row === this.#pick?.row && pick?.column === this.#pick?.column;
      this.#pick = isSame ? null : pick;
      refresh();
    };
    this.#picks = new Picks(refresh, save);
    this.#bars = new Bars((isCountLog) => {
      context.change({ isCountLog });
    });
    this.#body = h(
      'div',
      { class: 'tensor-body' },
      h('div', { class: 'tensor-controls' }, this.#axes.element, this.#comparison.element),
      this.#comparison.says,
      this.#heat.element,
      this.#picks.element,
      h(
        'div',
        { class: 'tensor-figures' },
        this.#bars.element,
        this.#ridge.element,
        this.#statistics.element,
      ),
    );
    this.element = h(
      'section',
      { class: 'tensor-view' },
      this.#head.element,
      this.#body,
      this.#notice.element,
    );
  }

  /**
   * @param logged what the run has kept of its distribution over the steps
   * @param others where the same may be asked of other runs
   */
  show(choice: Choice, kind: TensorKind, place: Place, logged: Column, others: readonly OtherRun[]): void {
    const key = JSON.stringify([place.run, kind, choice.name]);
    if (key !== this.#key) this.#begin(key);
    const ask = { kind, name: choice.name };
    this.#whole.want(place, {
      ...ask,
      part: null,
      histogram: { bins, range: null },
      picture: null,
      cells: false,
    });
    const { reading } = this.#whole;
    this.#head.set(choice, kind, place, reading, this.#whole.isOld);
    const notice = noticeOf(this.#whole, kind, place, this.#context);
    this.#setNotice(notice);
    if (notice || !reading) return;
    this.#drawNumbers(reading, place, key, logged);
    if (reading.statistics.count === 0) {
      this.#setNotice({
        title: text.tensors.empty,
        body: text.tensors.facts(shapeText(reading), reading.dtype),
      });
      return;
    }
    this.#drawPart(reading, choice, ask, place, others);
  }

  rest(): void {
    this.#whole.want(null, null);
    this.#inSight.want(null, null);
    this.#picks.rest();
    this.#comparison.rest();
  }

  #begin(key: string): void {
    this.#key = key;
    this.#part = null;
    this.#pick = null;
  }

  #setNotice(notice: NoticeContent | null): void {
    this.#notice.set(notice);
    show(this.#body, notice === null);
    if (notice) {
      this.#inSight.want(null, null);
      this.#picks.rest();
    }
  }

  #setPart(part: TensorPart): void {
    this.#part = part;
    this.#context.refresh();
  }

  #drawNumbers(reading: TensorReading, place: Place, key: string, logged: Column): void {
    const { isCountLog } = this.#context.memory;
    const line = lineOf(reading);
    if (!line) return;
    this.#bars.set(line.bins, isCountLog);
    let history = this.#histories.get(key);
    if (!history) this.#histories.set(key, (history = new RidgeHistory()));
    history.add(line);
    const kept = loggedLines(logged).filter(({ step }) => step < line.step);
    this.#ridge.set(kept.length > 0 ? [...kept, line] : history.lines, isCountLog, place.isLive);
  }

  #drawPart(
    whole: TensorReading,
    choice: Choice,
    ask: Pick<TensorQuestion, 'kind' | 'name'>,
    place: Place,
    others: readonly OtherRun[],
  ): void {
    const { shape } = whole;
    // Outputs change their shape from step to step.
    if (this.#part?.at.length !== shape.length || !isWithin(this.#part, shape)) {
      this.#part = wholePart(shape);
      this.#pick = null;
    }
    const part = this.#part;
    const question = questionOn(part, shape, ask);
    this.#inSight.want(place, question);
    const axes = axesOf(shape, choice.owner);
    this.#axes.set(part, axes);
    const axis = (which: number | null): Axis | null => (which === null ? null : (axes[which] ?? null));
    const [row, column] = [axis(part.rowAxis), axis(part.columnAxis)];
    const { reading, question: answered } = this.#inSight;
    const grid =
      reading && answered?.part && isOfSamePlane(answered.part, part) ? gridOn(reading, answered.part) : null;
    const isCurrent = JSON.stringify(answered) === JSON.stringify(question);
    const view = stretchOf(part, shape);
    this.#comparison.set(others, reading && grid && isCurrent ? { reading, question, view, grid } : null);
    const difference = this.#comparison.difference();
    const { robustLow, robustHigh, low, high } = whole.statistics;
    const { memory } = this.#context;
    this.#heat.set({
      name: choice.name,
      shape,
      part,
      rowAxis: row,
      columnAxis: column,
      grid: this.#comparison.isOn ? difference : grid,
      limits: this.#comparison.isOn
        ? null
        : { robust: largestOf(robustLow, robustHigh), largest: largestOf(low, high) },
      isRobust: memory.isScaleRobust,
      tileValue: memory.tileValue,
      pick: this.#pick,
    });
    this.#picks.set(place, ask, part, { row, column }, this.#pick);
    const isAll = part.rows === null && part.columns === null && shape.length <= 2;
    this.#statistics.set(whole.statistics, isAll || !reading || !isCurrent ? null : reading.statistics);
    this.#head.setPart(isCurrent ? question : null);
    if (this.#inSight.problem ?? reading?.problem) {
      this.#setNotice({
        title: text.tensors.state.failed,
        detail: this.#inSight.problem ?? reading?.problem ?? '',
      });
    }
  }
}

const largestOf = (low: number, high: number) => Math.max(Math.abs(low), Math.abs(high));

export const shapeText = ({ shape }: Pick<TensorReading, 'shape'>) => `[${shape.map(count).join(', ')}]`;

function isWithin(part: TensorPart, shape: readonly number[]): boolean {
  const { rows, columns } = sizeOf(part, shape);
  return (
    part.at.every((index, axis) => index < (shape[axis] as number)) &&
    (part.rows?.[1] ?? 0) <= rows &&
    (part.columns?.[1] ?? 0) <= columns
  );
}

function isOfSamePlane(a: TensorPart, b: TensorPart): boolean {
  const isFree = (axis: number) => axis === b.rowAxis || axis === b.columnAxis;
  return (
    a.rowAxis === b.rowAxis &&
    a.columnAxis === b.columnAxis &&
    a.at.every((index, axis) => isFree(axis) || index === b.at[axis])
  );
}

function gridOn(reading: TensorReading, part: TensorPart): Grid | null {
  return gridOf(reading, {
    rows: part.rows ?? [0, reading.rows],
    columns: part.columns ?? [0, reading.columns],
  });
}

/** Few elements are had themselves; of many, tiles in about the proportions of the part. */
function questionOn(
  part: TensorPart,
  shape: readonly number[],
  ask: Pick<TensorQuestion, 'kind' | 'name'>,
): TensorQuestion {
  const { rows, columns } = stretchOf(part, shape);
  const [down, right] = [rows[1] - rows[0], columns[1] - columns[0]];
  if (down * right <= mostCells) return { ...ask, part, histogram: null, picture: null, cells: true };
  // About twice as wide as high, like the place they are drawn in.
  const tilesDown = Math.min(down, Math.max(128, Math.floor(mostTiles / Math.min(right, 256))));
  const tilesRight = Math.min(right, Math.floor(mostTiles / tilesDown));
  return {
    ...ask,
    part,
    histogram: null,
    picture: { rows: Math.min(tilesDown, 320), columns: tilesRight },
    cells: false,
  };
}
