// What a run has measured, series by series: read from the column cache that the engine writes beside the event file,
// and from the event file itself where the cache is missing, stale, of another version or behind. The event file is the
// record; the cache is made anew on disk where the run is over and its folder can be written, in memory elsewhere.
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { PointsChunk, RunEvent, SeriesInfo } from '../../protocol/view.ts';
import { EventFileReader } from '../log/event-file.ts';
import type { LoggedEvent } from '../log/event-message.ts';
import { isAlive } from '../private-folder.ts';
import { CacheError, type CachedEvent, ColumnCache } from './column-cache.ts';
import { ColumnWriter } from './column-writer.ts';
import { columnsFolder, type Value } from './columns.ts';
import { GroupRows } from './group-rows.ts';
import { PointReader, type Source } from './points.ts';
import { findEventFile, readRunRecord } from './run-folder.ts';
import { type RowSink, Splitter } from './splitter.ts';

/** Records that go to the disk at a time while a cache is made. */
const batchRecords = 4096;
const eventPrefix = 'event/';

export class RunLog {
  readonly folder: string;
  #groups: GroupRows[] = [];
  #sources = new Map<string, Source[]>();
  #points = new PointReader();
  #known = 0;
  #events: CachedEvent[] = [];
  #eventFile: string | null = null;
  #cache: ColumnCache | null = null;
  /** Reads what is not in the cache; null while the engine writes that. */
  #reader: EventFileReader | null = null;
  #splitter: Splitter | null = null;

  /** @throws where the folder cannot be read */
  constructor(folder: string) {
    this.folder = folder;
    this.#open();
    this.refresh();
  }

  /** Takes up what the run has measured since; returns whether there was something. */
  refresh(): boolean {
    const before = this.#records();
    try {
      this.#refresh();
    } catch (error) {
      // The engine has given up its cache, or somebody has deleted it.
      if (!(error instanceof CacheError)) throw error;
      this.close();
      this.#open();
      this.#refresh();
    }
    return this.#records() !== before;
  }

  /** Every series, in the order in which they first came. */
  series(): SeriesInfo[] {
    const last = this.lastValues();
    return [...this.#bySource()].map(([tag, sources]) => {
      const isVector = sources.some(({ isVector: is }) => is);
      return {
        tag,
        width: Math.max(...sources.map(({ rows, column }) => rows.group.longest[column] ?? 1)),
        points: sources.reduce((sum, { rows }) => sum + rows.count, 0),
        last: isVector ? null : (last.get(tag)?.value ?? null),
      };
    });
  }

  /** A series' points from the `from`-th on, as many as one message should hold. */
  points(tag: string, from: number): PointsChunk {
    return this.#points.read(this.#bySource().get(tag) ?? [], from);
  }

  /** The last point of a scalar series; null where there is none. */
  lastValue(tag: string): { step: number; value: number } | null {
    const last = this.#last(tag, false);
    return last && { step: last.row.readDoubleLE(4), value: last.row.readFloatLE(last.offset) };
  }

  /** The last point of every scalar series. */
  lastValues(): Map<string, { step: number; value: number }> {
    const found = new Map<string, { step: number; value: number }>();
    const rows = this.#groups.map((group) => ({ group: group.group, row: group.last() }));
    const ordinal = ({ row }: { row: Buffer | null }) => row?.readUInt32LE(0) ?? -1;
    for (const { group, row } of rows.sort((a, b) => ordinal(a) - ordinal(b))) {
      if (!row) continue;
      const step = row.readDoubleLE(4);
      group.columns.forEach(({ tag, padded }, column) => {
        if (padded === 0) found.set(tag, { step, value: row.readFloatLE(group.offsets[column]) });
      });
    }
    return found;
  }

  /** At most so many points of a scalar series, the first and the last among them, evenly over each of its parts. */
  sample(tag: string, count: number): { step: number; value: number }[] {
    const sources = (this.#bySource().get(tag) ?? []).filter(({ isVector }) => !isVector);
    const total = sources.reduce((sum, { rows }) => sum + rows.count, 0);
    const points = sources.flatMap(({ rows, offset }) => {
      const share = Math.min(rows.count, Math.max(2, Math.round((count * rows.count) / total)));
      return Array.from({ length: share }, (_, i) => {
        const row = rows.row(share === 1 ? 0 : Math.round((i * (rows.count - 1)) / (share - 1)));
        return { ordinal: row.readUInt32LE(0), step: row.readDoubleLE(4), value: row.readFloatLE(offset) };
      });
    });
    points.sort((a, b) => a.ordinal - b.ordinal);
    return points.map(({ step, value }) => ({ step, value }));
  }

  /** The last point of a vector's series; null where there is none. */
  lastVector(tag: string): { step: number; values: number[] } | null {
    const last = this.#last(tag, true);
    if (!last) return null;
    const { row, offset } = last;
    const length = row.readFloatLE(offset);
    const values = Array.from({ length }, (_, i) => row.readFloatLE(offset + 4 + 4 * i));
    return { step: row.readDoubleLE(4), values };
  }

  /** When the last of it was measured, in seconds since 1970; null where there is nothing. */
  lastTime(): number | null {
    const times = this.#groups.flatMap((rows) => rows.last()?.readDoubleLE(12) ?? []);
    const event = this.#events.at(-1);
    if (event) times.push(event[2]);
    return times.length > 0 ? Math.max(...times) : null;
  }

  /** What has happened, from the `from`-th on. */
  events(from: number): RunEvent[] {
    return this.#events.slice(from).map(([, step, time, tag, text]) => ({
      step,
      time,
      kind: tag.startsWith(eventPrefix) ? tag.slice(eventPrefix.length) : tag,
      text,
    }));
  }

  /** Records of the event file that are left out for being damaged. */
  get damaged(): number {
    return (this.#cache?.damaged ?? 0) + (this.#reader?.damaged ?? 0);
  }

  /** Bytes of a last record that was not finished; 0 while the engine may still do so. */
  get torn(): number {
    return this.#reader && !this.#isLive() ? this.#reader.torn : 0;
  }

  close(): void {
    this.#cache?.close();
    this.#reader?.close();
    this.#cache = this.#reader = this.#splitter = this.#eventFile = null;
    this.#groups = [];
    this.#events = [];
    this.#sources = new Map();
    this.#points = new PointReader();
    this.#known = 0;
  }

  #open(): void {
    this.#eventFile = findEventFile(this.folder);
    if (this.#eventFile === null) return;
    this.#cache = this.#openCache(this.#eventFile);
    if (!this.#cache && !this.#isLive() && buildCache(this.folder, this.#eventFile)) {
      this.#cache = this.#openCache(this.#eventFile);
    }
    if (!this.#cache) return;
    this.#groups = this.#cache.groups;
    this.#events = this.#cache.events;
  }

  #openCache(eventFile: string): ColumnCache | null {
    try {
      return new ColumnCache(this.folder, path.basename(eventFile), statSync(eventFile).size);
    } catch (error) {
      if (error instanceof CacheError) return null;
      throw error;
    }
  }

  #refresh(): void {
    if (this.#eventFile === null) this.#open();
    if (this.#eventFile === null) return;
    if (this.#cache && !this.#reader && (this.#cache.refresh() || this.#isLive())) return;
    if (this.#cache && statSync(this.#eventFile).size === this.#cache.covered && !this.#reader) return;
    this.#readOn(this.#eventFile);
  }

  /** Reads the event file from where the cache ends, into memory. */
  #readOn(eventFile: string): void {
    this.#reader ??= new EventFileReader(eventFile, this.#cache?.covered ?? 0);
    this.#splitter ??= this.#newSplitter();
    const splitter = this.#splitter;
    this.#reader.read((event) => {
      addNumbers(event, (tag, value) => {
        splitter.add(tag, value);
      });
      splitter.split(event.step, event.wallTime);
      for (const [tag, text] of event.texts) {
        this.#events.push([splitter.ordinal++, event.step, event.wallTime, tag, text]);
      }
    });
  }

  /** One that goes on with the groups that are there. */
  #newSplitter(): Splitter {
    const groups = this.#groups.map(({ group }) => group);
    const sink: RowSink = {
      begin: (group) => this.#groups.push(new GroupRows(group, null)),
      rows: ({ id }) => (this.#groups[id] as GroupRows).late,
      grown: () => undefined,
    };
    return new Splitter(sink, groups, this.#cache?.records ?? 0);
  }

  /** Whether an engine may be writing. */
  #isLive(): boolean {
    const { ended, engine } = readRunRecord(this.folder);
    return ended === null && engine !== null && isAlive(engine.pid) && existsSync(engine.socket);
  }

  #records(): number {
    return this.#groups.reduce((sum, { count }) => sum + count, this.#events.length);
  }

  /** The row that holds a series' last point, and where. */
  #last(tag: string, isVector: boolean): { row: Buffer; offset: number } | null {
    let last: { row: Buffer; offset: number } | null = null;
    for (const source of this.#bySource().get(tag) ?? []) {
      const row = source.isVector === isVector ? source.rows.last() : null;
      if (row && (!last || row.readUInt32LE(0) > last.row.readUInt32LE(0)))
        last = { row, offset: source.offset };
    }
    return last;
  }

  /** Where each series lies. */
  #bySource(): ReadonlyMap<string, Source[]> {
    for (; this.#known < this.#groups.length; this.#known++) {
      const rows = this.#groups[this.#known] as GroupRows;
      rows.group.columns.forEach(({ tag, padded }, column) => {
        const offset = rows.group.offsets[column] as number;
        const source = { rows, column, offset, isVector: padded > 0 };
        const there = this.#sources.get(tag);
        if (there) there.push(source);
        else this.#sources.set(tag, [source]);
      });
    }
    return this.#sources;
  }
}

/** Hands on all of an event but its texts; a histogram is a vector of its bins' edges and counts. */
function addNumbers(event: LoggedEvent, add: (tag: string, value: Value) => void): void {
  for (const numbers of [event.scalars, event.vectors, event.histograms])
    for (const [tag, value] of numbers) add(tag, value);
}

/** Makes the cache of a run that is over. Returns false where it cannot be written. */
function buildCache(folder: string, eventFile: string): boolean {
  const place = path.join(folder, columnsFolder);
  const temporary = `${place}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const reader = new EventFileReader(eventFile);
  try {
    const writer = new ColumnWriter(temporary, path.basename(eventFile));
    let records = 0;
    reader.read((event, end) => {
      addNumbers(event, (tag, value) => {
        writer.add(tag, value);
      });
      writer.end(event.step, event.wallTime);
      for (const [tag, text] of event.texts) writer.event(event.step, event.wallTime, tag, text);
      if (++records % batchRecords === 0) writer.commit(end);
    });
    writer.commit(reader.end);
    if (reader.damaged > 0) writer.damaged(reader.damaged);
    writer.close();
    rmSync(place, { recursive: true, force: true });
    renameSync(temporary, place);
    return true;
  } catch (error) {
    // A folder that is read-only or a disk that is full: the cache is in memory, then.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    rmSync(temporary, { recursive: true, force: true });
    return false;
  } finally {
    reader.close();
  }
}
