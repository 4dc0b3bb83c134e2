// One recurrent layer, in one direction, as its series tell of it.
import type { Column } from '../data/column.ts';
import { fartherOf, flowOf, judge, type Findings, type Flow } from '../data/flow.ts';
import type { RunData } from '../data/run-data.ts';
import { parseThroughTime, type ThroughTimeTag } from '../data/tags.ts';

/** The last windows that are judged. */
const judged = 100;
const verdicts = new Map([
  [-1, 'vanishing'],
  [0, 'healthy'],
  [1, 'exploding'],
] as const);

export class Layer {
  readonly tag: ThroughTimeTag;
  readonly #data: RunData;
  #flows: Flow[] = [];
  #seen = 0;

  constructor(data: RunData, tag: ThroughTimeTag) {
    this.#data = data;
    this.tag = tag;
  }

  get column(): Column {
    return this.#data.column(this.tag.tag);
  }

  /** What is to be pulled for it; of an LSTM both states, which the verdict is on. */
  get wanted(): string[] {
    return [
      this.tag.tag,
      ...this.#others,
      this.#stem,
      `${this.#stem}/reach`,
      this.#of('window'),
      this.#of('carried'),
    ];
  }

  /** The share of windows whose state came from the window before; null where it is not recorded. */
  get carried(): number | null {
    return this.#last(this.#of('carried'));
  }

  /** Whether the verdict is on two states. */
  get isOfTwoStates(): boolean {
    return this.#others.length > 0;
  }

  flow(index: number): Flow {
    return flowOf(this.column.vector(index), this.tag.isReverse);
  }

  /** The verdict and its numbers as the run's record has them, else by the same rule from what has been pulled. */
  findings(): Findings {
    const columns = [this.column, ...this.#others.map((tag) => this.#data.column(tag))];
    const count = Math.min(...columns.map((column) => column.count));
    if (count < this.#seen) this.#seen = 0;
    for (let i = Math.max(this.#seen, count - judged); i < count; i++) {
      this.#flows.push(
        columns.map((column) => flowOf(column.vector(i), this.tag.isReverse)).reduce(fartherOf),
      );
    }
    this.#flows = this.#flows.slice(-judged);
    this.#seen = count;
    const computed = judge(this.#flows);
    const verdict = verdicts.get(this.#last(this.#stem) as -1 | 0 | 1) ?? computed.verdict;
    const reach = this.#last(`${this.#stem}/reach`) ?? computed.reach;
    const window = this.#last(this.#of('window'));
    return { ...computed, verdict, reach, way: window === null ? computed.way : window - 1 };
  }

  /** The layer's other state, where it has one. */
  get #others(): string[] {
    const other = this.tag.tag.replace(/[hc]$/, (state) => (state === 'h' ? 'c' : 'h'));
    return this.#data.has(other) ? [other] : [];
  }

  #last(tag: string): number | null {
    const column = this.#data.column(tag);
    return column.values[column.count - 1] ?? null;
  }

  #of(name: 'window' | 'carried'): string {
    return `verdict/${this.tag.module}/${name}`;
  }

  get #stem(): string {
    const { module, layer, isReverse } = this.tag;
    return `verdict/${module}/l${layer}${isReverse ? '_reverse' : ''}`;
  }
}

/** The layers that have a series of this state, by module, depth and direction. */
export function layersOf(data: RunData, state: 'h' | 'c', known: Map<string, Layer>): Layer[] {
  const tags = data.series
    .flatMap(({ tag }) => parseThroughTime(tag) ?? [])
    .filter((tag) => tag.state === state);
  return tags
    .map((tag) => {
      const key = `${data.run}\n${tag.tag}`;
      let layer = known.get(key);
      if (!layer) known.set(key, (layer = new Layer(data, tag)));
      return layer;
    })
    .sort(({ tag: a }, { tag: b }) =>
      a.module === b.module
        ? a.layer - b.layer || Number(a.isReverse) - Number(b.isReverse)
        : a.module < b.module
          ? -1
          : 1,
    );
}
