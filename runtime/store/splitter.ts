// Which groups of the column cache a record goes to. A record of a new shape that has but a few series more than a group
// (a verdict that has changed, an epoch's number) goes to that group, and the rest to groups of one series each: else
// there would be as many groups as there are combinations.
import type { GrowingBytes } from '../growing-bytes.ts';
import { type Column, Group, keyOf, paddedLength, type Value } from './columns.ts';

/** So many series at most are split off a record. */
const maxSplit = 8;
/** A shape that has come this often gets a group of its own. */
const oftenTimes = 8;

/** Where the rows go. */
export interface RowSink {
  /** A new group; before its first row. */
  begin(group: Group): void;
  /** What the next row of the group is appended to. */
  rows(group: Group): GrowingBytes;
  /** A row that has just been appended has a longer vector than any before. */
  grown(group: Group): void;
}

interface Part {
  group: Group;
  /** Which of the record's values, in the columns' order. */
  picks: readonly number[];
}

/** A record's columns up to one of them. A record's way is looked up value by value, without making anything. */
class Prefix {
  /** A series' tag; after that of a vector, its padded length. */
  readonly key: string | number;
  readonly before: Prefix | null;
  readonly #after = new Map<string | number, Prefix>();
  /** Records that ended here, and where the values of such a record go. */
  times = 0;
  parts: readonly Part[] | null = null;

  constructor(key: string | number, before: Prefix | null) {
    this.key = key;
    this.before = before;
  }

  after(key: string | number): Prefix {
    let next = this.#after.get(key);
    if (!next) this.#after.set(key, (next = new Prefix(key, this)));
    return next;
  }
}

function columnsOf(record: Prefix): Column[] {
  const columns: Column[] = [];
  let padded = 0;
  for (let at = record; at.before; at = at.before) {
    if (typeof at.key === 'number') padded = at.key;
    else {
      columns.push({ tag: at.key, padded });
      padded = 0;
    }
  }
  return columns.reverse();
}

export class Splitter {
  readonly groups: Group[];
  /** Rows and events so far. */
  ordinal: number;
  readonly #sink: RowSink;
  readonly #byKey = new Map<string, Group>();
  readonly #start = new Prefix('', null);
  /** The record that is being added to, and its values so far. */
  #record = this.#start;
  readonly #values: Value[] = [];
  #count = 0;

  /**
   * @param groups those there are
   * @param ordinal the next row's
   */
  constructor(sink: RowSink, groups: readonly Group[] = [], ordinal = 0) {
    this.#sink = sink;
    this.groups = [...groups];
    this.ordinal = ordinal;
    for (const group of groups) this.#byKey.set(group.key, group);
  }

  /** One series' value of the record that is to come. */
  add(tag: string, value: Value): void {
    this.#record = this.#record.after(tag);
    if (typeof value !== 'number') this.#record = this.#record.after(paddedLength(value.length));
    this.#values[this.#count++] = value;
  }

  /** Makes rows of what has been added since the last time; none where that is nothing. */
  split(step: number, wallTime: number): void {
    if (this.#count === 0) return;
    for (const { group, picks } of this.#parts(this.#record)) {
      const rows = this.#sink.rows(group);
      if (group.append(rows, this.ordinal++, step, wallTime, this.#values, picks)) this.#sink.grown(group);
    }
    this.#record = this.#start;
    this.#count = 0;
  }

  #parts(record: Prefix): readonly Part[] {
    record.parts ??= this.#newParts(columnsOf(record));
    if (record.parts.length > 1 && record.times >= oftenTimes)
      record.parts = [this.#whole(columnsOf(record))];
    record.times++;
    return record.parts;
  }

  #newParts(columns: readonly Column[]): Part[] {
    const places = new Map(columns.map((column, i) => [keyOf([column]), i]));
    const picksOf = (group: Group) => group.columns.map((column) => places.get(keyOf([column])) ?? -1);
    let best: Part | null = null;
    for (const group of this.groups) {
      const left = columns.length - group.columns.length;
      if (left < 0 || left > maxSplit || group.columns.length <= (best?.group.columns.length ?? 0)) continue;
      const picks = picksOf(group);
      if (!picks.includes(-1)) best = { group, picks };
    }
    if (!best) return [this.#whole(columns)];
    const taken = new Set(best.picks);
    const rest = columns.flatMap((column, i) =>
      taken.has(i) ? [] : [{ group: this.#group([column]), picks: [i] }],
    );
    return [best, ...rest];
  }

  #whole(columns: readonly Column[]): Part {
    return { group: this.#group(columns), picks: columns.map((_, i) => i) };
  }

  #group(columns: readonly Column[]): Group {
    const key = keyOf(columns);
    let group = this.#byKey.get(key);
    if (!group) {
      group = new Group(this.groups.length, columns);
      this.#byKey.set(key, group);
      this.groups.push(group);
      this.#sink.begin(group);
    }
    return group;
  }
}
