// The points of one series, out of the groups that hold it, in the order in which they were measured.
import type { PointsChunk } from '../../protocol/view.ts';
import { type GroupRows, RowCursor } from './group-rows.ts';
import { orderRows, type RowOrder } from './row-order.ts';

/** Numbers that one chunk holds at most, but for a longer single point: some milliseconds of work on either side. */
const maxNumbers = 1 << 17;
/** Orders that are kept, and rows of all of them: a live run's have few each, and none of them is to be found anew. */
const maxOrders = 256;
const maxRows = 1 << 20;

/** Where a series lies within the rows of a group. */
export interface Source {
  rows: GroupRows;
  column: number;
  /** In a row, in bytes. */
  offset: number;
  isVector: boolean;
}

/** Reads series chunk by chunk. Most lie in the same groups: how their rows follow on each other is found out once. */
export class PointReader {
  /** Those used last at the end. */
  #orders: RowOrder[] = [];

  /** The points from the `from`-th on. */
  read(sources: readonly Source[], from: number): PointsChunk {
    const total = sources.reduce((sum, { rows }) => sum + rows.count, 0);
    const start = Math.min(Math.max(0, from), total);
    const longest = Math.max(1, ...sources.map(({ rows, column }) => rows.group.longest[column] ?? 1));
    const count = Math.min(total - start, Math.max(1, Math.floor(maxNumbers / longest)));
    const groups = sources.map(({ rows }) => rows);
    const order = this.#orderOf(groups, start, count);
    const isVector = sources.some((source) => source.isVector);
    const values = isVector ? readVectors(sources, order) : readScalars(sources, order);
    return { from: start, count, total, steps: order.steps, times: order.times, ...values };
  }

  #orderOf(groups: readonly GroupRows[], start: number, count: number): RowOrder {
    const known = this.#orders.filter(
      (order) => order.groups.length === groups.length && order.groups.every((one, i) => one === groups[i]),
    );
    const order =
      known.find((one) => one.start === start && one.which.length === count) ??
      orderRows(
        groups,
        start,
        count,
        known.find((one) => one.end === start),
      );
    this.#orders = [...this.#orders.filter((one) => one !== order), order].slice(-maxOrders);
    let rows = this.#orders.reduce((sum, { which }) => sum + which.length, 0);
    while (rows > maxRows) rows -= this.#orders.shift()?.which.length ?? 0;
    return order;
  }
}

type Values = Pick<PointsChunk, 'values' | 'lengths'>;

function readScalars(sources: readonly Source[], { which, first }: RowOrder): Values {
  const cursors = sources.map(({ rows }, i) => new RowCursor(rows, first[i] as number));
  const values = new Float32Array(which.length);
  for (let i = 0; i < values.length; i++) {
    const source = which[i] as number;
    const cursor = cursors[source] as RowCursor;
    values[i] = cursor.view.getFloat32(cursor.at + (sources[source] as Source).offset, true);
    cursor.next();
  }
  return { values: bytesOf(values), lengths: new Uint8Array(0) };
}

/** Of each point's numbers a row holds how many there are and then themselves; of a scalar's, only itself. */
function readVectors(sources: readonly Source[], { which, first }: RowOrder): Values {
  const cursors = sources.map(({ rows }, i) => new RowCursor(rows, first[i] as number));
  const lengths = new Uint32Array(which.length);
  let values = new Float32Array(which.length);
  let at = 0;
  for (let i = 0; i < which.length; i++) {
    const cursor = cursors[which[i] as number] as RowCursor;
    const { offset, isVector } = sources[which[i] as number] as Source;
    const length = isVector ? cursor.view.getFloat32(cursor.at + offset, true) : 1;
    if (at + length > values.length) {
      const larger = new Float32Array(2 * (at + length));
      larger.set(values.subarray(0, at));
      values = larger;
    }
    const from = cursor.at + offset + (isVector ? 4 : 0);
    for (let j = 0; j < length; j++) values[at++] = cursor.view.getFloat32(from + 4 * j, true);
    lengths[i] = length;
    cursor.next();
  }
  return { values: bytesOf(values.slice(0, at)), lengths: bytesOf(lengths) };
}

const bytesOf = ({ buffer }: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => new Uint8Array(buffer);
