// The parameters of a run: which there are, in which order they are listed, what is wrong with them.
import type { SeriesInfo } from '../../protocol/view.ts';
import { curveOf, RatioCurve, type Curve } from '../data/curve.ts';
import type { RunData } from '../data/run-data.ts';
import { parameterNames } from '../data/tags.ts';

export type Metric = 'grad' | 'weight' | 'ratio';
export type Sort = 'model' | 'name' | 'largest' | 'smallest' | 'alarms';
/** `nonFinite`: its last gradient or weight; `zero`: its last gradient; `large`: update over `largeUpdate` of the weight. */
export type ParameterAlarm = 'nonFinite' | 'zero' | 'large';

export const largeUpdate = 0.1;

export class Parameters {
  readonly #data: RunData;
  readonly #ratios = new Map<string, RatioCurve>();
  #series: readonly SeriesInfo[] = [];
  #names: string[] = [];
  #last = new Map<string, number | null>();

  constructor(data: RunData) {
    this.#data = data;
  }

  /** In the model's order. */
  get names(): readonly string[] {
    if (this.#series !== this.#data.series) {
      this.#series = this.#data.series;
      this.#last = new Map(this.#series.map(({ tag, last }) => [tag, last]));
      this.#names = parameterNames(this.#last.keys());
    }
    return this.#names;
  }

  /** The series that a parameter's metric is drawn from. */
  tags(name: string, metric: Metric): string[] {
    return metric === 'ratio' ? [`update/${name}`, `weight/${name}`] : [`${metric}/${name}`];
  }

  curve(name: string, metric: Metric): Curve {
    if (metric !== 'ratio') return curveOf(this.#data.column(`${metric}/${name}`));
    const update = this.#data.column(`update/${name}`);
    const weight = this.#data.column(`weight/${name}`);
    let ratio = this.#ratios.get(name);
    // Columns out of sight may have been let go of and begun anew.
    if (!ratio || ratio.count > Math.min(update.count, weight.count)) {
      ratio = new RatioCurve();
      this.#ratios.set(name, ratio);
    }
    ratio.refresh(update, weight);
    return ratio;
  }

  /** The last value; NaN where there is none. */
  last(name: string, metric: Metric): number {
    if (metric !== 'ratio') return this.#lastOf(`${metric}/${name}`);
    return Math.fround(this.#lastOf(`update/${name}`) / this.#lastOf(`weight/${name}`));
  }

  alarm(name: string): ParameterAlarm | null {
    const grad = this.#last.get(`grad/${name}`);
    const weight = this.#last.get(`weight/${name}`);
    const isBad = (value: number | null | undefined) => typeof value === 'number' && !Number.isFinite(value);
    if (isBad(grad) || isBad(weight)) return 'nonFinite';
    if (grad === 0) return 'zero';
    return this.last(name, 'ratio') > largeUpdate ? 'large' : null;
  }

  listed(filter: string, sort: Sort, metric: Metric): string[] {
    const wanted = filter.trim().toLowerCase();
    const names = this.names.filter((name) => name.toLowerCase().includes(wanted));
    const byLast = (sign: 1 | -1) => {
      const value = new Map(names.map((name) => [name, this.last(name, metric)]));
      const rank = (name: string) => {
        const last = value.get(name) as number;
        return Number.isNaN(last) ? Infinity : sign * last;
      };
      return names.sort((a, b) => rank(a) - rank(b) || 0);
    };
    switch (sort) {
      case 'model':
        return names;
      case 'name':
        return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      case 'largest':
        return byLast(-1);
      case 'smallest':
        return byLast(1);
      case 'alarms':
        return names.sort((a, b) => Number(this.alarm(a) === null) - Number(this.alarm(b) === null));
    }
  }

  #lastOf(tag: string): number {
    return this.#last.get(tag) ?? NaN;
  }
}
