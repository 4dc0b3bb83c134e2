// Every run known to this window: those recorded in its folders and those that go on. Others hear of it when something
// has changed, and pull.
import os from 'node:os';
import type { RunSummary } from '../../protocol/view.ts';
import type { Disk } from '../disk/disk.ts';
import type { RunFacts } from '../disk/facts.ts';
import { Signal } from '../signal.ts';
import { type Crash, type LastNumbers, type LiveFacts, type Marks, summarise } from './summary.ts';

/** Changes are told of at most this often. */
const tellMilliseconds = 200;
/** Points are told of at most this often. */
const growMilliseconds = 100;
/** Where its threads have every core: they wait for the one whose place a drawing has taken. */
const busyGrowMilliseconds = 200;
/** The log of a run that goes on is looked through for its last numbers and alarms at most this often. */
const lastMilliseconds = 1000;

/** A run that goes on, as this list sees it. */
export interface LiveSource {
  id: string;
  /** What its folder says, or would say where nothing is recorded. */
  facts: RunFacts;
  live: () => LiveFacts;
}

export interface MarkMemory {
  get: () => Record<string, Marks>;
  set: (marks: Record<string, Marks>) => Promise<void>;
}

export class Runs {
  /** Something that a summary says has changed. */
  readonly changed = new Signal<void>();
  /** The folders have been read. */
  readonly listed = new Signal<RunFacts[]>();
  /** A run has more points than before. */
  readonly grown = new Signal<string>();
  readonly #disk: Pick<Disk, 'call'>;
  readonly #folders: () => string[];
  readonly #marks: MarkMemory;
  readonly #recorded = new Map<string, RunFacts>();
  readonly #live = new Map<string, LiveSource>();
  readonly #last = new Map<string, LastNumbers>();
  readonly #crashes = new Map<string, Crash>();
  readonly #growing = new Map<string, NodeJS.Timeout>();
  readonly #lastRead = new Map<string, number>();
  #summaries: RunSummary[] | null = null;
  #chosen: string | null = null;
  #telling: NodeJS.Timeout | null = null;
  #listing: Promise<void> | null = null;
  /** How often a reading was asked for. */
  #wanted = 0;

  /** @param folders the folders of runs, as they are now */
  constructor(disk: Pick<Disk, 'call'>, folders: () => string[], marks: MarkMemory) {
    this.#disk = disk;
    this.#folders = folders;
    this.#marks = marks;
  }

  /** Every run, the newest first. */
  summaries(): readonly RunSummary[] {
    if (this.#summaries) return this.#summaries;
    const ids = new Set([...this.#recorded.keys(), ...this.#live.keys()]);
    const summaries = [...ids].flatMap((id) => this.find(id) ?? []);
    return (this.#summaries = summaries.sort((a, b) => b.started - a.started || (a.id < b.id ? 1 : -1)));
  }

  find(id: string): RunSummary | null {
    const live = this.#live.get(id);
    const facts = this.#recorded.get(id) ?? live?.facts;
    if (!facts) return null;
    const last = this.#last.get(id) ?? null;
    const loss = live?.live().status.loss ?? last?.loss ?? null;
    const numbers = last || live ? { step: last?.step ?? 0, alarms: last?.alarms ?? [], loss } : null;
    return summarise(facts, this.#marks.get()[id], numbers, live?.live() ?? null, this.#crashes.get(id));
  }

  /** What a run's folder says, where it is recorded. */
  facts(id: string): RunFacts | null {
    return this.#recorded.get(id) ?? this.#live.get(id)?.facts ?? null;
  }

  /** What the recorded runs' folders say. */
  recorded(): RunFacts[] {
    return [...this.#recorded.values()];
  }

  /** The run in the foreground: the newest that goes on, else the one that was chosen. */
  get current(): string | null {
    const live = [...this.#live.keys()].at(-1);
    if (live !== undefined) return live;
    return this.#chosen !== null && this.#recorded.has(this.#chosen) ? this.#chosen : null;
  }

  choose(id: string): void {
    this.#chosen = id;
    this.#tell();
  }

  async mark(id: string, marks: Marks): Promise<void> {
    const all = this.#marks.get();
    await this.#marks.set({ ...all, [id]: { ...all[id], ...marks } });
    this.#tell();
  }

  /** A run has begun, or was found going on. */
  begin(source: LiveSource): void {
    this.#live.set(source.id, source);
    this.#chosen = source.id;
    this.#tell();
    void this.refresh();
  }

  /** A live run has said something; `hasGrown`: it has more points. */
  follow(id: string, hasGrown: boolean): void {
    if (!this.#live.has(id)) return;
    this.#tell();
    if (hasGrown) this.#grow(id);
  }

  /** A live run is over; `crash`: its engine did not come to say so. */
  async end(id: string, crash: Crash | null): Promise<void> {
    if (crash) this.#crashes.set(id, crash);
    // Its record first, so that no moment shows it neither live nor ended.
    await this.refresh();
    this.#live.delete(id);
    this.grown.fire(id);
    this.#tell();
  }

  /** Reads the folders again; what is asked meanwhile is answered by one more reading. */
  refresh(): Promise<void> {
    this.#wanted++;
    this.#listing ??= this.#list().finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  async #list(): Promise<void> {
    for (let served = 0; served !== this.#wanted;) {
      served = this.#wanted;
      const found = await this.#disk.call('list', { folders: this.#folders() });
      this.#recorded.clear();
      for (const facts of found) this.#recorded.set(facts.id, facts);
      this.listed.fire(found);
      this.#tell();
    }
    await this.#readLast();
  }

  /** The last numbers of runs that have none yet or have changed since. */
  async #readLast(): Promise<void> {
    for (const { id, record } of this.#recorded.values()) {
      if (!record || (this.#last.has(id) && !this.#live.has(id))) continue;
      await this.#readLastOf(id);
    }
  }

  async #readLastOf(id: string): Promise<void> {
    try {
      this.#last.set(id, await this.#disk.call('last', { run: id }));
      this.#tell();
    } catch {
      // A log that cannot be read has no last numbers; opening the run says why.
    }
  }

  #grow(id: string): void {
    if (this.#growing.has(id)) return;
    const threads = this.facts(id)?.record?.threads ?? 1;
    const isBusy = threads > 1 && threads >= os.availableParallelism();
    const timer = setTimeout(
      () => {
        this.#growing.delete(id);
        this.grown.fire(id);
      },
      isBusy ? busyGrowMilliseconds : growMilliseconds,
    );
    this.#growing.set(id, timer);
    if (performance.now() - (this.#lastRead.get(id) ?? -Infinity) < lastMilliseconds) return;
    this.#lastRead.set(id, performance.now());
    void this.#readLastOf(id);
  }

  #tell(): void {
    this.#summaries = null;
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.changed.fire();
    }, tellMilliseconds);
  }

  dispose(): void {
    if (this.#telling) clearTimeout(this.#telling);
    for (const timer of this.#growing.values()) clearTimeout(timer);
  }
}
