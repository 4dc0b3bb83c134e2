// Rows of the column cache as they are read: from a group's file, and from memory where they are in no file.
import { closeSync, fstatSync, readSync } from 'node:fs';
import type { Group } from './columns.ts';

/** How much of a file is read at a time. */
const pieceBytes = 1 << 20;

export class GroupRows {
  readonly group: Group;
  /** Rows there are: those in the file come first. */
  count = 0;
  readonly #fd: number | null;
  readonly #late: Buffer[] = [];
  #inFile = 0;

  /** @param fd the open file where rows lie; null: in memory only */
  constructor(group: Group, fd: number | null) {
    this.group = group;
    this.#fd = fd;
  }

  /** Takes up the file's whole rows with ordinals under `end`: what comes after may still be written. */
  growTo(end: number): void {
    if (this.#fd === null) return;
    const { rowBytes } = this.group;
    let count = Math.floor(fstatSync(this.#fd).size / rowBytes);
    const ordinal = Buffer.alloc(4);
    while (count > this.count) {
      readSync(this.#fd, ordinal, 0, 4, (count - 1) * rowBytes);
      if (ordinal.readUInt32LE(0) < end) break;
      count--;
    }
    this.#inFile = this.count = Math.max(count, this.count);
  }

  /** A row that is in no file. */
  add(row: Buffer): void {
    this.#late.push(row);
    this.count++;
  }

  /** Whole rows from the `from`-th on, one after the other in one buffer; empty at the end. */
  piece(from: number): Buffer {
    const { rowBytes } = this.group;
    if (from >= this.count) return Buffer.alloc(0);
    if (from >= this.#inFile) return this.#late[from - this.#inFile] as Buffer;
    return this.#read(from, Math.min(this.#inFile - from, Math.max(1, Math.floor(pieceBytes / rowBytes))));
  }

  /** One row by its number, of those there are. */
  row(index: number): Buffer {
    return index < this.#inFile ? this.#read(index, 1) : (this.#late[index - this.#inFile] as Buffer);
  }

  /** The last row; null where there is none. */
  last(): Buffer | null {
    return this.count === 0 ? null : this.row(this.count - 1);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
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
  piece: Buffer = Buffer.alloc(0);
  at = 0;

  constructor(rows: GroupRows, position: number) {
    this.rows = rows;
    this.position = position;
    this.#load();
  }

  next(): void {
    this.position++;
    this.at += this.rows.group.rowBytes;
    if (this.at < this.piece.length) this.ordinal = this.piece.readUInt32LE(this.at);
    else this.#load();
  }

  #load(): void {
    this.piece = this.rows.piece(this.position);
    this.at = 0;
    this.ordinal = this.piece.length > 0 ? this.piece.readUInt32LE(0) : Infinity;
  }
}
