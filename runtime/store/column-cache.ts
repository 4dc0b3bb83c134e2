// The column cache as it is read, while the engine may be writing it. What cannot be right raises CacheError: then there
// is no cache, as far as the reader goes.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import {
  type Column,
  columnsFolder,
  columnsFormat,
  commitBytes,
  commitName,
  eventsName,
  Group,
  indexName,
  rowsName,
} from './columns.ts';
import { GroupRows } from './group-rows.ts';

export class CacheError extends Error {
  override name = 'CacheError';
}

/** An event as the cache has it. */
export type CachedEvent = [ordinal: number, step: number, wallTime: number, tag: string, text: string];

export class ColumnCache {
  readonly groups: GroupRows[] = [];
  readonly events: CachedEvent[] = [];
  /** Bytes of the event file that are in here. */
  covered = 0;
  /** Rows and events. */
  records = 0;
  /** Records of the event file that are left out for being damaged. */
  damaged = 0;
  readonly #folder: string;
  readonly #commit: number;
  readonly #index: LineReader;
  readonly #events: LineReader;
  #lateEvents: CachedEvent[] = [];

  /** @throws CacheError where there is none, of this version and for this event file */
  constructor(runFolder: string, eventFile: string, eventBytes: number) {
    this.#folder = path.join(runFolder, columnsFolder);
    this.#index = new LineReader(this.#path(indexName));
    this.#events = new LineReader(this.#path(eventsName));
    this.#commit = open(this.#path(commitName));
    try {
      const [head, ...lines] = this.#index.read() as [
        { format?: unknown; eventFile?: unknown }?,
        ...unknown[],
      ];
      if (head?.format !== columnsFormat) throw new CacheError('another version');
      if (head.eventFile !== eventFile) throw new CacheError('of another event file');
      this.#describe(lines);
      this.refresh();
      if (this.covered === 0 || this.covered > eventBytes) throw new CacheError('not of this event file');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Takes up what has been written since; returns whether there was something. @throws CacheError */
  refresh(): boolean {
    const commit = this.#readCommit();
    if (commit.records === this.records && commit.covered === this.covered) {
      if (fstatSync(this.#commit).nlink === 0) throw new CacheError('deleted');
      return false;
    }
    this.#describe(this.#index.read());
    for (const rows of this.groups) rows.growTo(commit.records);
    this.#lateEvents.push(...(this.#events.read() as CachedEvent[]));
    const isLate = this.#lateEvents.findIndex(([ordinal]) => ordinal >= commit.records);
    this.events.push(...this.#lateEvents.splice(0, isLate < 0 ? Infinity : isLate));
    const held = this.groups.reduce((sum, { count }) => sum + count, this.events.length);
    if (held !== commit.records) throw new CacheError(`${held} records where ${commit.records} were written`);
    Object.assign(this, commit);
    return true;
  }

  close(): void {
    closeSync(this.#commit);
    this.#index.close();
    this.#events.close();
    for (const rows of this.groups) rows.close();
  }

  #path(name: string): string {
    return path.join(this.#folder, name);
  }

  /** The commit is written in place: half of it may be new. */
  #readCommit(): { covered: number; records: number } {
    const bytes = Buffer.alloc(commitBytes);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (readSync(this.#commit, bytes, 0, commitBytes, 0) !== commitBytes) break;
      const [covered, records, check] = [0, 8, 16].map((at) => bytes.readDoubleLE(at)) as [
        number,
        number,
        number,
      ];
      if (covered + records === check) return { covered, records };
    }
    throw new CacheError('no whole commit');
  }

  #describe(lines: readonly unknown[]): void {
    for (const line of lines) {
      const { group, longest, damaged } = line as {
        group?: [string, number][];
        longest?: [number, number[]];
        damaged?: number;
      };
      if (group) {
        const columns: Column[] = group.map(([tag, padded]) => ({ tag, padded }));
        const { length } = this.groups;
        this.groups.push(new GroupRows(new Group(length, columns), open(this.#path(rowsName(length)))));
      } else if (longest) {
        this.groups[longest[0]]?.group.longest.splice(0, Infinity, ...longest[1]);
      } else if (damaged !== undefined) this.damaged = damaged;
    }
  }
}

/** Reads a file of JSON lines as it grows; whole lines only. */
class LineReader {
  readonly #file: string;
  #fd = -1;
  #at = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws CacheError where there is no such file, or a line is no JSON */
  read(): unknown[] {
    if (this.#fd < 0) this.#fd = open(this.#file);
    const bytes = Buffer.alloc(Math.max(0, fstatSync(this.#fd).size - this.#at));
    const got = readSync(this.#fd, bytes, 0, bytes.length, this.#at);
    const end = bytes.lastIndexOf(10, got - 1) + 1;
    this.#at += end;
    const lines = bytes.toString('utf8', 0, end).split('\n');
    try {
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
    } catch (error) {
      throw new CacheError('a line that is no JSON', { cause: error });
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new CacheError((error as Error).message, { cause: error });
  }
}
