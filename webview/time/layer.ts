// One recurrent layer, in one direction, as its series tell of it.
import type { Column } from '../data/column.ts';
import { flowOf, judge, type Findings, type Flow } from '../data/flow.ts';
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

  /** What is to be pulled for it. */
  get wanted(): string[] {
    return [this.tag.tag, this.#verdictTag, this.#carriedTag];
  }

  /** The share of windows whose state came from the window before; null where it is not recorded. */
  get carried(): number | null {
    const column = this.#data.column(this.#carriedTag);
    return column.values[column.count - 1] ?? null;
  }

  flow(index: number): Flow {
    return flowOf(this.column.vector(index), this.tag.isReverse);
  }

  /** The verdict as the run's record has it, else by the same rule from what has been pulled. */
  findings(): Findings {
    const { column } = this;
    if (column.count < this.#seen) this.#seen = 0;
    for (let i = Math.max(this.#seen, column.count - judged); i < column.count; i++)
      this.#flows.push(this.flow(i));
    this.#flows = this.#flows.slice(-judged);
    this.#seen = column.count;
    const findings = judge(this.#flows);
    const recorded = this.#data.column(this.#verdictTag);
    const value = recorded.count > 0 ? recorded.values[recorded.count - 1] : undefined;
    const verdict = verdicts.get(value as -1 | 0 | 1);
    return verdict && this.tag.state === 'h' ? { ...findings, verdict } : findings;
  }

  get #carriedTag(): string {
    return `verdict/${this.tag.module}/carried`;
  }

  get #verdictTag(): string {
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
