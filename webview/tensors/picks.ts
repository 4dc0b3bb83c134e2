// A picked row and a picked column, each drawn as a curve over its own axis.
import type { TensorPart, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import { Figure } from '../chart/figure.ts';
import type { Line, Mark } from '../chart/line.ts';
import { curveOfValues } from '../data/curve.ts';
import { h, setText, show } from '../ui/dom.ts';
import { text } from '../ui/text.ts';
import { placeOn, type Axis } from './axes.ts';
import { gridOf, tileStretch, type Grid } from './grid.ts';
import type { Cell } from './heatmap.ts';
import { Look, type Place } from './look.ts';
import { linePart } from './part.ts';

/** Elements of a line that are read one by one; of a longer one, as many tiles. */
const mostCells = 65_536;
const mostTiles = 8192;

export class Picks {
  readonly element = h('div', { class: 'picks', hidden: true });
  readonly #row: PickedLine;
  readonly #column: PickedLine;

  constructor(onChange: () => void, onSave: (name: string, bytes: Uint8Array) => void) {
    this.#row = new PickedLine('row', onChange, onSave);
    this.#column = new PickedLine('column', onChange, onSave);
    this.element.append(this.#row.element, this.#column.element);
  }

  /** @param ask what is asked of the tensor, without its part */
  set(
    place: Place,
    ask: Pick<TensorQuestion, 'kind' | 'name'>,
    part: TensorPart,
    axes: { row: Axis | null; column: Axis | null },
    pick: Cell | null,
  ): void {
    show(this.element, pick !== null);
    const { row, column } = axes;
    this.#row.set(place, ask, part, pick && column ? { index: pick.row, along: column, of: row } : null);
    this.#column.set(place, ask, part, pick && row ? { index: pick.column, along: row, of: column } : null);
  }

  rest(): void {
    show(this.element, false);
    this.#row.rest();
    this.#column.rest();
  }
}

class PickedLine {
  readonly element: HTMLElement;
  readonly #which: 'row' | 'column';
  readonly #look: Look;
  readonly #figure: Figure;
  readonly #problem = h('p', { class: 'alarm' });
  #along: Axis | null = null;

  constructor(
    which: 'row' | 'column',
    onChange: () => void,
    onSave: (name: string, bytes: Uint8Array) => void,
  ) {
    this.#which = which;
    this.#look = new Look(onChange);
    this.#figure = new Figure({
      title: which === 'row' ? text.tensors.axes.rows : text.tensors.axes.columns,
      xLabel: '',
      wheel: 'when asked',
      describeX: (x) => `${this.#along?.name ?? ''} ${this.#along ? placeOn(this.#along, x) : String(x)}`,
      onSave,
    });
    this.element = h('div', { class: 'pick', hidden: true }, this.#figure.element, this.#problem);
  }

  /** @param line the picked one; `of`: the axis that it is an index of */
  set(
    place: Place,
    ask: Pick<TensorQuestion, 'kind' | 'name'>,
    part: TensorPart,
    line: { index: number; along: Axis; of: Axis | null } | null,
  ): void {
    show(this.element, line !== null);
    if (!line) {
      this.rest();
      return;
    }
    this.#along = line.along;
    const isShort = line.along.size <= mostCells;
    const question: TensorQuestion = {
      ...ask,
      part: linePart(part, this.#which, line.index),
      histogram: null,
      picture: isShort ? null : { rows: 1, columns: mostTiles },
      cells: isShort,
    };
    this.#look.want(place, question);
    const said = line.of ? placeOn(line.of, line.index) : '';
    this.#figure.setTitle(text.tensors.picks[this.#which](said, line.along.name));
    setText(this.#problem, this.#look.problem ?? this.#look.reading?.problem ?? '');
    const { reading } = this.#look;
    // An answer on another line is none.
    const isSame = JSON.stringify(this.#look.question?.part) === JSON.stringify(question.part);
    const lines = reading && isSame ? linesOf(reading, line.along) : [];
    this.#figure.set(
      { lines, marks: marksOf(line.along), levels: [], isLog: false, xAxis: 'timeStep', isLive: false },
      line.along.name,
    );
  }

  rest(): void {
    this.#look.want(null, null);
  }
}

function linesOf(reading: TensorReading, along: Axis): Line[] {
  const stretch: [number, number] = [0, along.size];
  const grid = gridOf(reading, { rows: [0, 1], columns: stretch });
  if (!grid) return [];
  const x = Float64Array.from(
    { length: grid.tileColumns },
    (_, i) => tileStretch(stretch, i, grid.tileColumns)[0],
  );
  const line = (label: string, values: Grid['mean'], role: Line['role'], isBackdrop = false): Line => ({
    label,
    curve: curveOfValues(Float32Array.from(values), x),
    role,
    isBackdrop,
  });
  const { value, low, high } = text.tensors.picks;
  const mean = line(value, grid.mean, 'train');
  if (grid.isExact) return [mean];
  return [line(low, grid.low, 'faint', true), line(high, grid.high, 'faint', true), mean];
}

/** Where an axis' blocks begin. */
function marksOf({ blocks, size }: Axis): Mark[] {
  return blocks.map((name, block) => ({
    x: (block * size) / blocks.length,
    isAlarm: false,
    isLabelled: true,
    text: name,
  }));
}
