// Writes the column cache: the engine, as it goes, after the event file; and RunLog, from an event file.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { GrowingBytes } from '../growing-bytes.ts';
import {
  columnsFormat,
  commitBytes,
  commitName,
  eventsName,
  type Group,
  indexName,
  rowsName,
  type Value,
} from './columns.ts';
import { Splitter } from './splitter.ts';

export class ColumnWriter {
  readonly folder: string;
  readonly #splitter: Splitter;
  readonly #index: AppendedFile;
  readonly #events: AppendedFile;
  readonly #rows: AppendedFile[] = [];
  readonly #commit: number;
  readonly #commitment = Buffer.alloc(commitBytes);

  /** @throws where there is a cache already, or none can be made */
  constructor(folder: string, eventFile: string) {
    this.folder = folder;
    mkdirSync(folder);
    this.#index = this.#open(indexName);
    this.#events = this.#open(eventsName);
    this.#commit = openSync(path.join(folder, commitName), 'wx', 0o644);
    this.#index.line({ format: columnsFormat, eventFile });
    this.#splitter = new Splitter({
      begin: (group) => {
        this.#rows[group.id] = this.#open(rowsName(group.id));
        this.#index.line({ group: group.columns.map(({ tag, padded }) => [tag, padded]) });
      },
      rows: ({ id }) => (this.#rows[id] as AppendedFile).bytes,
      grown: ({ id, longest }: Group) => {
        this.#index.line({ longest: [id, longest] });
      },
    });
  }

  /** One series' value of the record that is to come. */
  add(tag: string, value: Value): void {
    this.#splitter.add(tag, value);
  }

  /** The record is whole. */
  end(step: number, wallTime: number): void {
    this.#splitter.split(step, wallTime);
  }

  event(step: number, wallTime: number, tag: string, text: string): void {
    this.#events.line([this.#splitter.ordinal++, step, wallTime, tag, text]);
  }

  /** Writes what there is. @param covered bytes of the event file up to the end of that. @throws where the disk is full */
  commit(covered: number): void {
    this.#flush();
    const { ordinal } = this.#splitter;
    this.#commitment.writeDoubleLE(covered, 0);
    this.#commitment.writeDoubleLE(ordinal, 8);
    this.#commitment.writeDoubleLE(covered + ordinal, 16);
    writeSync(this.#commit, this.#commitment, 0, commitBytes, 0);
  }

  /** Records of the event file that are left out. */
  damaged(count: number): void {
    this.#index.line({ damaged: count });
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
    return [...[...this.#rows, this.#index, this.#events].map(({ fd }) => fd), this.#commit];
  }

  #open(name: string): AppendedFile {
    return new AppendedFile(path.join(this.folder, name));
  }

  /** The index before the rows that it describes. */
  #flush(): void {
    this.#index.flush();
    for (const file of this.#rows) file.flush();
    this.#events.flush();
  }
}

/** A new file, and what is to be appended to it. */
class AppendedFile {
  readonly fd: number;
  readonly bytes = new GrowingBytes();

  constructor(file: string) {
    this.fd = openSync(file, 'wx', 0o644);
  }

  line(content: unknown): void {
    this.bytes.text(`${JSON.stringify(content)}\n`);
  }

  flush(): void {
    this.bytes.flushTo(this.fd);
  }
}
