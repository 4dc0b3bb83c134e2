// The difference of what is in sight to the same part of another step, which was kept, or of another run.
import type { TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import { h, setText } from '../ui/dom.ts';
import { count, percent, short } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { Button, Dropdown } from '../ui/widgets.ts';
import { cropped, difference, gridOf, magnitudes, type Grid } from './grid.ts';
import { Look, type Place } from './look.ts';
import type { Stretch } from './part.ts';

const words = text.tensors.difference;

export interface OtherRun {
  name: string;
  place: Place;
}

/** What is in sight of a tensor. */
export interface InSight {
  reading: TensorReading;
  /** What the reading answers. */
  question: TensorQuestion;
  view: Stretch;
  grid: Grid;
}

interface Kept {
  /** Of which tensor and at which axes and indices. */
  key: string;
  step: number;
  grid: Grid;
}

export class Comparison {
  readonly element: HTMLElement;
  /** One sentence on the difference, or why there is none. */
  readonly says = h('p');
  readonly #choice: Dropdown;
  readonly #keep: Button;
  readonly #look: Look;
  #chosen = 'none';
  #kept: Kept | null = null;
  #others: readonly OtherRun[] = [];
  #inSight: InSight | null = null;

  constructor(onChange: () => void) {
    this.#look = new Look(onChange);
    this.#choice = new Dropdown(words.label, (value) => {
      this.#chosen = value;
      onChange();
    });
    this.#keep = new Button({
      label: words.keep,
      icon: 'pin',
      onClick: () => {
        this.#keepNow();
        onChange();
      },
    });
    this.element = h(
      'div',
      { class: 'controls' },
      h('label', { class: 'field' }, words.label, this.#choice.element),
      this.#keep.element,
    );
  }

  get isOn(): boolean {
    return this.#chosen !== 'none';
  }

  /** @param others runs that are shown beside this one */
  set(others: readonly OtherRun[], inSight: InSight | null): void {
    this.#others = others;
    this.#inSight = inSight;
    const key = inSight && keyOf(inSight.question);
    // What was kept of another tensor says nothing here.
    if (key !== null && this.#kept && tensorOf(this.#kept.key) !== tensorOf(key)) this.#kept = null;
    const options = [
      { value: 'none', label: words.none },
      ...(this.#kept ? [{ value: 'kept', label: words.kept(count(this.#kept.step)) }] : []),
      ...others.map(({ name, place }) => ({ value: place.run, label: name })),
    ];
    if (!options.some(({ value }) => value === this.#chosen)) this.#chosen = 'none';
    this.#choice.set(options, this.#chosen);
    this.#choice.element.title = others.length === 0 ? words.hint : '';
    const other = others.find(({ place }) => place.run === this.#chosen);
    this.#look.want(other?.place ?? null, other && inSight ? inSight.question : null);
  }

  /** What is to be drawn instead of what is in sight; null where there is no difference to be had. */
  difference(): Grid | null {
    const inSight = this.#inSight;
    setText(this.says, '');
    if (!this.isOn || !inSight) return null;
    const other = this.#chosen === 'kept' ? this.#ofKept(inSight) : this.#ofRun(inSight);
    if (typeof other === 'string') {
      setText(this.says, other);
      return null;
    }
    const found = difference(inSight.grid, other.grid);
    setText(this.says, found ? sentence(inSight, other, found) : words.otherPart);
    return found;
  }

  rest(): void {
    this.#look.want(null, null);
  }

  #keepNow(): void {
    if (!this.#inSight) return;
    const { reading, grid, question } = this.#inSight;
    this.#kept = { key: keyOf(question), step: reading.step, grid };
    this.#chosen = 'kept';
  }

  #ofKept({ question, view }: InSight): { grid: Grid; at: string } | string {
    const kept = this.#kept;
    if (kept?.key !== keyOf(question)) return words.otherPart;
    return { grid: cropped(kept.grid, view) ?? kept.grid, at: words.step(count(kept.step)) };
  }

  #ofRun({ question, view, reading }: InSight): { grid: Grid; at: string } | string {
    const other = this.#look.reading;
    const name = this.#others.find(({ place }) => place.run === this.#chosen)?.name ?? '';
    const problem = this.#look.problem ?? other?.problem;
    if (problem !== null && problem !== undefined) return problem;
    if (other && !other.found) return words.missing;
    const isSame = JSON.stringify(this.#look.question) === JSON.stringify(question);
    if (!other || !isSame) return words.reading;
    if (JSON.stringify(other.shape) !== JSON.stringify(reading.shape)) {
      return words.otherShape(`[${other.shape.join(', ')}]`);
    }
    const grid = gridOf(other, view);
    return grid ? { grid, at: words.stepOf(count(other.step), name) } : words.reading;
  }
}

/** The tensor, its axes and indices: not which stretch of them is in sight. */
function keyOf({ kind, name, part }: TensorQuestion): string {
  const at = part?.at.map((index, axis) =>
    axis === part.rowAxis || axis === part.columnAxis ? null : index,
  );
  return JSON.stringify([[kind, name], part?.rowAxis, part?.columnAxis, at]);
}

function tensorOf(key: string): string {
  return JSON.stringify((JSON.parse(key) as unknown[])[0]);
}

function sentence({ reading }: InSight, { grid, at }: { grid: Grid; at: string }, found: Grid): string {
  const { largest } = magnitudes(found, 'mean');
  const step = count(reading.step);
  if (!found.isExact) return words.saysTiles(step, at, short(largest));
  if (largest === 0 && !Array.from(found.nonFinite).some((bad) => bad > 0)) return words.same(step, at);
  const norm = (values: ArrayLike<number>) =>
    Math.sqrt(Array.from(values).reduce((sum, x) => sum + (Number.isFinite(x) ? x * x : 0), 0));
  const other = norm(grid.mean);
  return words.says(step, at, short(largest), other > 0 ? percent(norm(found.mean) / other) : '∞');
}
