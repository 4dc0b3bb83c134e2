// Which groups of the column cache a record goes to. A record of a new shape that has but a few series more than a group
// (a verdict that has changed, an epoch's number) goes to that group, and the rest to groups of one series each: else
// there would be as many groups as there are combinations.
import { type Column, Group, keyOf, type Numbers, paddedLength, type Value } from './columns.ts';

/** So many series at most are split off a record. */
const maxSplit = 8;
/** A shape that has come this often gets a group of its own. */
const oftenTimes = 8;

export interface Row {
  group: Group;
  bytes: Buffer;
}

interface Part {
  group: Group;
  /** Which of the record's values, in the columns' order. */
  picks: readonly number[];
}

interface Shape {
  times: number;
  parts: readonly Part[];
}

export class Splitter {
  readonly groups: Group[];
  /** Rows and events so far. */
  ordinal: number;
  readonly #onGroup: (group: Group) => void;
  readonly #onLonger: (group: Group) => void;
  readonly #byKey = new Map<string, Group>();
  readonly #shapes = new Map<string, Shape>();

  /**
   * Told of every new group, and of every group with a longer vector than before, before the row is there.
   *
   * @param groups those there are
   * @param ordinal the next row's
   */
  constructor(
    onGroup: (group: Group) => void,
    onLonger: (group: Group) => void,
    groups: readonly Group[] = [],
    ordinal = 0,
  ) {
    this.#onGroup = onGroup;
    this.#onLonger = onLonger;
    this.groups = [...groups];
    this.ordinal = ordinal;
    for (const group of groups) this.#byKey.set(group.key, group);
  }

  /** The record's rows; none where it holds no numbers. */
  split(record: Numbers): Row[] {
    const columns: Column[] = [];
    const values: Value[] = [];
    for (const [tag, value] of record.scalars) {
      columns.push({ tag, padded: 0 });
      values.push(value);
    }
    for (const [tag, value] of record.vectors) {
      columns.push({ tag, padded: paddedLength(value.length) });
      values.push(value);
    }
    if (columns.length === 0) return [];
    return this.#shape(columns).parts.map(({ group, picks }) => {
      const bytes = Buffer.allocUnsafe(group.rowBytes);
      const chosen = picks.map((i) => values[i] as Value);
      if (group.encode(bytes, this.ordinal++, record, chosen)) this.#onLonger(group);
      return { group, bytes };
    });
  }

  #shape(columns: readonly Column[]): Shape {
    const key = keyOf(columns);
    let shape = this.#shapes.get(key);
    if (!shape) {
      shape = { times: 0, parts: this.#parts(columns, key) };
      this.#shapes.set(key, shape);
    } else if (shape.parts.length > 1 && shape.times >= oftenTimes) {
      shape.parts = [this.#whole(columns, key)];
    }
    shape.times++;
    return shape;
  }

  #parts(columns: readonly Column[], key: string): Part[] {
    const places = new Map(columns.map((column, i) => [keyOf([column]), i]));
    const picksOf = (group: Group) => group.columns.map((column) => places.get(keyOf([column])) ?? -1);
    let best: Part | null = null;
    for (const group of this.groups) {
      const left = columns.length - group.columns.length;
      if (left < 0 || left > maxSplit || group.columns.length <= (best?.group.columns.length ?? 0)) continue;
      const picks = picksOf(group);
      if (!picks.includes(-1)) best = { group, picks };
    }
    if (!best) return [this.#whole(columns, key)];
    const taken = new Set(best.picks);
    const rest = columns.flatMap((column, i) =>
      taken.has(i) ? [] : [{ group: this.#group([column], keyOf([column])), picks: [i] }],
    );
    return [best, ...rest];
  }

  #whole(columns: readonly Column[], key: string): Part {
    return { group: this.#group(columns, key), picks: columns.map((_, i) => i) };
  }

  #group(columns: readonly Column[], key: string): Group {
    let group = this.#byKey.get(key);
    if (!group) {
      group = new Group(this.groups.length, columns);
      this.#byKey.set(key, group);
      this.groups.push(group);
      this.#onGroup(group);
    }
    return group;
  }
}
