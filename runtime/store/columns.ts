// The column cache of a run, `columns/` in its folder: what the event file holds, laid out so that a series can be read
// without reading the rest. It may be deleted at any time; RunLog makes it anew.
//
//   index.jsonl    a line of the format's version and the event file's name; a line for each group, the shape of a row;
//                  a line whenever a group has a longer vector than before
//   rows-<n>.bin   the rows of a group: uint32 ordinal, float64 step, float64 wall time, then float32 for each scalar, and
//                  for each vector its length and its values, padded with NaN to a power of two (else the short window at
//                  the end of an epoch, each time of another length, would make endless groups)
//   events.jsonl   what has a text: a line of ordinal, step, wall time, tag and text each
//   commit.bin     up to where the event file is covered (bytes), how many rows and events that made, and the sum of the
//                  two as a check: three float64, written in place after the rest
//
// Rows and events are numbered through in the order of the event file: the ordinal. Little-endian throughout.
import type { GrowingBytes } from '../growing-bytes.ts';

export const columnsFormat = 1;
export const columnsFolder = 'columns';
export const indexName = 'index.jsonl';
export const eventsName = 'events.jsonl';
export const commitName = 'commit.bin';
export const rowsName = (group: number) => `rows-${group}.bin`;

export const commitBytes = 24;
/** Before a row's numbers. */
export const headBytes = 20;

/** A series within a row: a scalar (`padded` is 0) or a vector with room for so many values. */
export interface Column {
  readonly tag: string;
  readonly padded: number;
}

/** Records of one shape. */
export class Group {
  readonly id: number;
  readonly columns: readonly Column[];
  readonly rowBytes: number;
  /** Where each column begins in a row, in bytes. */
  readonly offsets: readonly number[];
  /** The longest vector so far of each column; 1 for a scalar. */
  readonly longest: number[];

  constructor(id: number, columns: readonly Column[]) {
    this.id = id;
    this.columns = columns;
    let at = headBytes;
    this.offsets = columns.map(({ padded }) => {
      const offset = at;
      at += padded === 0 ? 4 : 4 + 4 * padded;
      return offset;
    });
    this.rowBytes = at;
    this.longest = columns.map(({ padded }) => (padded === 0 ? 1 : 0));
  }

  get key(): string {
    return keyOf(this.columns);
  }

  /**
   * Appends a row to `rows`: column k is the `picks[k]`-th of the record's values. Returns whether a vector is longer
   * than any before.
   */
  append(
    rows: GrowingBytes,
    ordinal: number,
    step: number,
    wallTime: number,
    values: readonly Value[],
    picks: readonly number[],
  ): boolean {
    const row = rows.extend(this.rowBytes);
    const { buffer } = rows;
    buffer.writeUInt32LE(ordinal, row);
    buffer.writeDoubleLE(step, row + 4);
    buffer.writeDoubleLE(wallTime, row + 12);
    let isLonger = false;
    for (let i = 0; i < picks.length; i++) {
      const value = values[picks[i] as number] as Value;
      let at = row + (this.offsets[i] as number);
      if (typeof value === 'number') {
        buffer.writeFloatLE(value, at);
        continue;
      }
      at = buffer.writeFloatLE(value.length, at);
      const { padded } = this.columns[i] as Column;
      if (value instanceof Float32Array) {
        buffer.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), at);
        at += value.byteLength;
      } else for (let k = 0; k < value.length; k++) at = buffer.writeFloatLE(value[k] as number, at);
      for (let k = value.length; k < padded; k++) at = buffer.writeFloatLE(NaN, at);
      if (value.length > (this.longest[i] as number)) {
        this.longest[i] = value.length;
        isLonger = true;
      }
    }
    return isLonger;
  }
}

export type Value = number | ArrayLike<number>;

export function keyOf(columns: readonly Column[]): string {
  return columns.map(({ tag, padded }) => `${tag}\0${padded}`).join('\0');
}

/** The smallest power of two that is no less; 1 for an empty vector. */
export function paddedLength(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, length)));
}
