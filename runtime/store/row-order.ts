// How the rows of several groups follow on each other: as they were measured, by their ordinals.
import { packDeltas } from '../../protocol/deltas.ts';
import { type GroupRows, RowCursor } from './group-rows.ts';

export interface RowOrder {
  groups: readonly GroupRows[];
  /** The place of the first row among all of the groups', and that after the last. */
  start: number;
  end: number;
  /** Which group each row is of. */
  which: Uint32Array;
  /** In each group, the number of its first row here and that after its last. */
  first: number[];
  next: number[];
  /** Packed. */
  steps: Uint8Array;
  times: Uint8Array;
}

/** @param before the order that ends where this one begins: of several groups all rows are gone through where it is not known */
export function orderRows(
  groups: readonly GroupRows[],
  start: number,
  count: number,
  before: RowOrder | undefined,
): RowOrder {
  const begin = groups.length === 1 ? [start] : before?.next;
  const cursors = groups.map((rows, i) => new RowCursor(rows, begin?.[i] ?? 0));
  for (let at = begin ? start : 0; at < start; at++) cursors[earliest(cursors)]?.next();
  const positions = () => cursors.map(({ position }) => position);
  const first = positions();
  const which = new Uint32Array(count);
  const steps = new Float64Array(count);
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const group = earliest(cursors);
    const cursor = cursors[group] as RowCursor;
    which[i] = group;
    steps[i] = cursor.view.getFloat64(cursor.at + 4, true);
    times[i] = cursor.view.getFloat64(cursor.at + 12, true);
    cursor.next();
  }
  const packed = { steps: packDeltas(steps), times: packDeltas(times) };
  return { groups, start, end: start + count, which, first, next: positions(), ...packed };
}

function earliest(cursors: readonly RowCursor[]): number {
  let best = 0;
  for (let i = 1; i < cursors.length; i++) {
    if ((cursors[i] as RowCursor).ordinal < (cursors[best] as RowCursor).ordinal) best = i;
  }
  return best;
}
