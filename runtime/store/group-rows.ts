// Rows of the column cache as they are read: from a group's file, and from memory where they are in no file.
import { closeSync, fstatSync, readSync } from 'node:fs';
import { GrowingBytes } from '../growing-bytes.ts';
import type { Group } from './columns.ts';

/** How much of a file is read at a time. */
const pieceBytes = 1 << 20;

export class GroupRows {
  readonly group: Group;
  /** Rows that are in no file; they come after those in the file. */
  readonly late = new GrowingBytes();
  readonly #fd: number | null;
  #inFile = 0;

  /** @param fd the open file where rows lie; null: in memory only */
  constructor(group: Group, fd: number | null) {
    this.group = group;
    this.#fd = fd;
  }

  get count(): number {
    return this.#inFile + this.late.length / this.group.rowBytes;
  }

  /** Takes up the file's whole rows with ordinals under `end`: what comes after may still be written. */
  growTo(end: number): void {
    if (this.#fd === null) return;
    const { rowBytes } = this.group;
    let count = Math.floor(fstatSync(this.#fd).size / rowBytes);
    const ordinal = Buffer.alloc(4);
    while (count > this.#inFile) {
      readSync(this.#fd, ordinal, 0, 4, (count - 1) * rowBytes);
      if (ordinal.readUInt32LE(0) < end) break;
      count--;
    }
    this.#inFile = Math.max(count, this.#inFile);
  }

  /** Whole rows from the `from`-th on, one after the other in one buffer; empty at the end. */
  piece(from: number): Buffer {
    const { rowBytes } = this.group;
    if (from >= this.count) return Buffer.alloc(0);
    if (from >= this.#inFile) return this.#held(from, this.count);
    return this.#read(from, Math.min(this.#inFile - from, Math.max(1, Math.floor(pieceBytes / rowBytes))));
  }

  /** One row by its number, of those there are. */
  row(index: number): Buffer {
    return index < this.#inFile ? this.#read(index, 1) : this.#held(index, index + 1);
  }

  /** The last row; null where there is none. */
  last(): Buffer | null {
    return this.count === 0 ? null : this.row(this.count - 1);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }

  /** Rows that are in no file. */
  #held(from: number, to: number): Buffer {
    const { rowBytes } = this.group;
    return this.late.buffer.subarray((from - this.#inFile) * rowBytes, (to - this.#inFile) * rowBytes);
  }

  #read(row: number, rows: number): Buffer {
    const bytes = Buffer.allocUnsafe(rows * this.group.rowBytes);
    const at = row * this.group.rowBytes;
    for (let got = 0; got < bytes.length;) {
      const n = readSync(this.#fd as number, bytes, got, bytes.length - got, at + got);
      if (n === 0) throw new Error('the column cache has become shorter');
      got += n;
    }
    return bytes;
  }
}

/** Goes through the rows of a group. */
export class RowCursor {
  readonly rows: GroupRows;
  /** The row's number; at the end, that of rows there are. */
  position: number;
  /** Of the row; infinite at the end. */
  ordinal = Infinity;
  /** The row lies in it at `at`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;

  constructor(rows: GroupRows, position: number) {
    this.rows = rows;
    this.position = position;
    this.#load();
  }

  next(): void {
    this.position++;
    this.at += this.rows.group.rowBytes;
    if (this.at < this.view.byteLength) this.ordinal = this.view.getUint32(this.at, true);
    else this.#load();
  }

  #load(): void {
    const { buffer, byteOffset, byteLength } = this.rows.piece(this.position);
    this.view = new DataView(buffer, byteOffset, byteLength);
    this.at = 0;
    this.ordinal = byteLength > 0 ? this.view.getUint32(0, true) : Infinity;
  }
}
