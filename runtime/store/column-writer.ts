// Writes the column cache: the engine, as it goes, after the event file; and RunLog, from an event file.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import {
  columnsFormat,
  commitBytes,
  commitName,
  eventsName,
  type Group,
  indexName,
  type Numbers,
  rowsName,
} from './columns.ts';
import { Splitter } from './splitter.ts';

export interface CachedRecord extends Numbers {
  texts: Iterable<readonly [string, string]>;
}

export class ColumnWriter {
  readonly folder: string;
  readonly #splitter: Splitter;
  readonly #index: number;
  readonly #events: number;
  readonly #commit: number;
  readonly #rows: number[] = [];
  /** Lines and rows of this round, by file. */
  readonly #pending = new Map<number, Uint8Array[]>();

  /** @throws where there is a cache already, or none can be made */
  constructor(folder: string, eventFile: string) {
    this.folder = folder;
    mkdirSync(folder);
    this.#index = this.#open(indexName);
    this.#events = this.#open(eventsName);
    this.#commit = this.#open(commitName);
    this.#line(this.#index, { format: columnsFormat, eventFile });
    this.#splitter = new Splitter(
      (group) => {
        this.#rows[group.id] = this.#open(rowsName(group.id));
        this.#line(this.#index, { group: group.columns.map(({ tag, padded }) => [tag, padded]) });
      },
      ({ id, longest }: Group) => {
        this.#line(this.#index, { longest: [id, longest] });
      },
    );
  }

  /** @param covered bytes of the event file up to the end of the last of the records. @throws where the disk is full */
  append(records: Iterable<CachedRecord>, covered: number): void {
    for (const record of records) {
      for (const { group, bytes } of this.#splitter.split(record)) {
        this.#add(this.#rows[group.id] as number, bytes);
      }
      for (const [tag, text] of record.texts) {
        this.#line(this.#events, [this.#splitter.ordinal++, record.step, record.wallTime, tag, text]);
      }
    }
    this.#flush();
    const commit = Buffer.alloc(commitBytes);
    const { ordinal } = this.#splitter;
    [covered, ordinal, covered + ordinal].forEach((number, i) => commit.writeDoubleLE(number, 8 * i));
    writeSync(this.#commit, commit, 0, commitBytes, 0);
  }

  /** Records of the event file that are left out. */
  damaged(count: number): void {
    this.#line(this.#index, { damaged: count });
    this.#flush();
  }

  /** Waits for the disk itself, then closes. */
  close(): void {
    for (const fd of this.#files()) fsyncSync(fd);
    this.abandon();
  }

  abandon(): void {
    for (const fd of this.#files()) closeSync(fd);
  }

  #files(): number[] {
    return [...this.#rows, this.#index, this.#events, this.#commit];
  }

  #open(name: string): number {
    return openSync(path.join(this.folder, name), 'wx', 0o644);
  }

  #line(fd: number, content: unknown): void {
    this.#add(fd, Buffer.from(`${JSON.stringify(content)}\n`));
  }

  #add(fd: number, bytes: Uint8Array): void {
    const there = this.#pending.get(fd);
    if (there) there.push(bytes);
    else this.#pending.set(fd, [bytes]);
  }

  /** The index before the rows that it describes. */
  #flush(): void {
    const write = (fd: number, parts: Uint8Array[]) => {
      const bytes = Buffer.concat(parts);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    };
    write(this.#index, this.#pending.get(this.#index) ?? []);
    this.#pending.delete(this.#index);
    for (const [fd, parts] of this.#pending) write(fd, parts);
    this.#pending.clear();
  }
}
