// The loss curves of one run along the chosen x axis.
import type { RunEvent } from '../../protocol/view.ts';
import type { Mark } from '../chart/line.ts';
import { elapsed, epochEnds, epochOf, inEpochs } from '../data/axis.ts';
import type { Column } from '../data/column.ts';
import { curveOf, type Axis, type Curve } from '../data/curve.ts';
import type { RunData } from '../data/run-data.ts';
import { SmoothedCurve } from '../data/smooth.ts';
import { text } from '../ui/text.ts';

export class LossCurves {
  raw: Curve;
  /** Null where nothing is smoothed. */
  smoothed: SmoothedCurve | null = null;
  evaluated: Curve;
  readonly #data: RunData;
  readonly #started: number;

  constructor(data: RunData, started: number) {
    this.#data = data;
    this.#started = started;
    this.raw = curveOf(this.column);
    this.evaluated = curveOf(data.column('loss/eval'));
  }

  get column(): Column {
    return this.#data.column('loss/train');
  }

  refresh(axis: Axis, smoothing: number): void {
    const { column } = this;
    this.raw = curveOf(column, this.#along(axis, column));
    const evaluated = this.#data.column('loss/eval');
    this.evaluated = curveOf(evaluated, this.#along(axis, evaluated));
    if (smoothing === 0) this.smoothed = null;
    else {
      if (this.smoothed?.weight !== smoothing || this.smoothed.count > column.count) {
        this.smoothed = new SmoothedCurve(smoothing);
      }
      this.smoothed.refresh(column, this.raw.x);
    }
  }

  marks(axis: Axis): Mark[] {
    const ends = epochEnds(this.#data.column('epoch'));
    return this.#data.events.map((event) => ({
      x:
        axis === 'step'
          ? event.step
          : axis === 'time'
            ? event.time - this.#started
            : epochOf(event.step, ends),
      isAlarm: /finite/.test(event.kind),
      text: describeEvent(event),
    }));
  }

  #along(axis: Axis, column: Column): Float64Array {
    if (axis === 'time') return elapsed(column, this.#started);
    const epochs = axis === 'epoch' ? inEpochs(column, this.#data.column('epoch')) : null;
    return epochs ?? column.steps;
  }
}

export function describeEvent({ kind, text: detail }: RunEvent): string {
  const name = kind === 'nonfinite' ? text.event.nonFinite : kind.replaceAll('_', ' ');
  return detail === '' ? name : `${name}: ${detail}`;
}
