// What a page holds of one run: pulled by tag from the point one has, and only what is in sight.
import type { PointsChunk, RunEvent, SeriesInfo } from '../../protocol/view.ts';
import { Column } from './column.ts';

/** The calls that pulling needs. */
export interface Source {
  series(run: string): Promise<SeriesInfo[]>;
  points(run: string, wanted: { tag: string; from: number }[]): Promise<PointsChunk[]>;
  events(run: string, from: number): Promise<RunEvent[]>;
}

/** At most ten pulls a second. */
const pullMs = 100;
/** The list of series is asked for again at most this often, and less often the longer it is. */
const seriesMs = (count: number) => Math.max(1000, count / 2);
/** Columns out of sight are forgotten beyond this. */
const keptBytes = 256 * 2 ** 20;

export class RunData {
  readonly run: string;
  /** In the host's order. */
  series: SeriesInfo[] = [];
  readonly events: RunEvent[] = [];
  /** Whether the list of series and what was wanted first have come. */
  isLoaded = false;
  /** How much of what is in sight has come, from 0 to 1. */
  share = 0;
  /** Why pulling failed, until it works again. */
  problem: string | null = null;
  readonly #source: Source;
  readonly #onChange: () => void;
  readonly #columns = new Map<string, Column>();
  #tags = new Set<string>();
  #wanted: readonly string[] = [];
  #seriesAt = -Infinity;
  #pulledAt = -Infinity;
  #isPulling = false;
  #isStale = false;
  /** Whether anything has been wanted since the start or the last rest: the list of series, if nothing else. */
  #isAwake = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: string, source: Source, onChange: () => void) {
    this.run = run;
    this.#source = source;
    this.#onChange = onChange;
  }

  /** The points of a series so far; empty where it has none or none have been pulled. */
  column(tag: string): Column {
    return this.#columns.get(tag) ?? new Column();
  }

  has(tag: string): boolean {
    return this.#tags.has(tag);
  }

  /** The last value of a scalar series, of which no other is needed; null where there is none. */
  last(tag: string): number | null {
    return this.series.find((one) => one.tag === tag)?.last ?? null;
  }

  /** Says which series are in sight; what is missing of them is pulled. */
  want(wanted: readonly string[]): void {
    const tags = [...new Set(wanted)];
    const isSame = tags.length === this.#wanted.length && tags.every((tag, i) => tag === this.#wanted[i]);
    if (isSame && this.#isAwake) return;
    this.#isAwake = true;
    this.#wanted = tags;
    this.pull();
  }

  /** Nothing more is pulled until something is wanted again. */
  rest(): void {
    this.#isAwake = false;
    this.#wanted = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isStale = false;
  }

  /** The run has grown, or more of it is in sight. */
  pull(wait = Math.max(0, this.#pulledAt + pullMs - performance.now())): void {
    this.#isStale = true;
    if (this.#isPulling || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pullNow();
    }, wait);
  }

  async #pullNow(): Promise<void> {
    this.#isPulling = true;
    this.#isStale = false;
    this.#pulledAt = performance.now();
    let isCut = false;
    try {
      const now = this.#pulledAt;
      if (now - this.#seriesAt >= seriesMs(this.series.length)) {
        this.series = await this.#source.series(this.run);
        this.#tags = new Set(this.series.map(({ tag }) => tag));
        this.#seriesAt = now;
      }
      const tags = this.#wanted;
      const wanted = tags.map((tag) => ({ tag, from: this.column(tag).count }));
      const [chunks, events] = await Promise.all([
        wanted.length > 0 ? this.#source.points(this.run, wanted) : [],
        this.#source.events(this.run, this.events.length),
      ]);
      this.events.push(...events);
      isCut = this.#take(tags, chunks);
      this.isLoaded ||= !isCut;
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#isPulling = false;
    this.#forget();
    this.#onChange();
    // The rest of what is there comes at once; what is new, ten times a second.
    if (isCut) this.pull(0);
    else if (this.#hasMore()) this.pull();
  }

  /** Whether the run has grown meanwhile; after a failure it is not asked again before it grows anew. */
  #hasMore(): boolean {
    return this.#isStale && this.problem === null;
  }

  /** @returns whether there is more to be had at once */
  #take(tags: readonly string[], chunks: PointsChunk[]): boolean {
    let total = 0;
    let have = 0;
    for (const [i, tag] of tags.entries()) {
      const chunk = chunks[i];
      if (!chunk) throw new Error(`the points of ${tag} are missing from the answer`);
      let column = this.#columns.get(tag);
      if (!column && chunk.count > 0) this.#columns.set(tag, (column = new Column()));
      column?.append(chunk);
      total += chunk.total;
      have += column?.count ?? 0;
      if (chunk.count === 0 && chunk.total > chunk.from)
        throw new Error(`${tag} has points that do not come`);
    }
    this.share = total === 0 ? 1 : have / total;
    return have < total;
  }

  /** Lets go of what is out of sight, the longest unused first, beyond what may be kept. */
  #forget(): void {
    const wanted = new Set(this.#wanted);
    for (const tag of this.#wanted) {
      const column = this.#columns.get(tag);
      if (!column) continue;
      this.#columns.delete(tag);
      this.#columns.set(tag, column);
    }
    let bytes = 0;
    for (const column of this.#columns.values()) bytes += column.bytes;
    for (const [tag, column] of this.#columns) {
      if (bytes <= keptBytes) return;
      if (wanted.has(tag)) continue;
      this.#columns.delete(tag);
      bytes -= column.bytes;
    }
  }
}
