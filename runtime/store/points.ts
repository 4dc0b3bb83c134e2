// The points of one series, out of the groups that hold it, in the order in which they were measured.
import { packDeltas } from '../../protocol/deltas.ts';
import type { PointsChunk } from '../../protocol/view.ts';
import { type GroupRows, RowCursor } from './group-rows.ts';

/** Numbers that one chunk holds at most, but for a longer single point: a few milliseconds of work. */
const maxNumbers = 1 << 16;

/** Where a series lies within the rows of a group. */
export interface Source {
  rows: GroupRows;
  column: number;
  /** In a row, in bytes. */
  offset: number;
  isVector: boolean;
  /** How far it was read when the series' `after` points had been. */
  place?: { after: number; position: number };
}

/** The points from the `from`-th on. */
export function readPoints(sources: readonly Source[], from: number): PointsChunk {
  const total = sources.reduce((sum, { rows }) => sum + rows.count, 0);
  const start = Math.min(Math.max(0, from), total);
  const count = Math.min(total - start, maxNumbers);
  const steps = new Float64Array(count);
  const times = new Float64Array(count);
  const lengths: number[] = [];
  const values = new Numbers(count);
  const isVector = sources.some(({ isVector: is }) => is);
  const goesOn = sources.every(({ place }) => place?.after === start);
  const cursors = sources.map(({ rows, place }) => new RowCursor(rows, goesOn ? (place?.position ?? 0) : 0));
  let at = goesOn ? start : 0;
  for (; at < start; at++) cursors[earliest(cursors)]?.next();
  let got = 0;
  for (; got < count && (got === 0 || values.length < maxNumbers); got++) {
    const which = earliest(cursors);
    const cursor = cursors[which] as RowCursor;
    const { offset, isVector: hasLength } = sources[which] as Source;
    const row = cursor.at;
    steps[got] = cursor.piece.readDoubleLE(row + 4);
    times[got] = cursor.piece.readDoubleLE(row + 12);
    const first = row + offset + (hasLength ? 4 : 0);
    const length = hasLength ? cursor.piece.readFloatLE(row + offset) : 1;
    for (let i = 0; i < length; i++) values.add(cursor.piece.readFloatLE(first + 4 * i));
    if (isVector) lengths.push(length);
    cursor.next();
  }
  sources.forEach((source, i) => {
    source.place = { after: start + got, position: cursors[i]?.position ?? 0 };
  });
  return {
    from: start,
    count: got,
    total,
    steps: packDeltas(steps.subarray(0, got)),
    times: packDeltas(times.subarray(0, got)),
    values: bytesOf(values.all()),
    lengths: bytesOf(Uint32Array.from(lengths)),
  };
}

function earliest(cursors: readonly RowCursor[]): number {
  let best = 0;
  for (let i = 1; i < cursors.length; i++) {
    if ((cursors[i] as RowCursor).ordinal < (cursors[best] as RowCursor).ordinal) best = i;
  }
  return best;
}

/** A copy of its own length: a view would carry its whole buffer along. */
function bytesOf(array: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.slice().buffer);
}

/** Float32 numbers, as many as come. */
class Numbers {
  length = 0;
  #room: Float32Array;

  constructor(expected: number) {
    this.#room = new Float32Array(Math.max(1, expected));
  }

  add(value: number): void {
    if (this.length === this.#room.length) {
      const larger = new Float32Array(2 * this.length);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.length++] = value;
  }

  all(): Float32Array {
    return this.#room.subarray(0, this.length);
  }
}
