// A real run for the pages: read from its folder here, handed to the browser as one text, and answered there as a host
// would.
import path from 'node:path';
import { unpackDeltas } from '../../../protocol/deltas.ts';
import type { PointsChunk, RunEvent, RunSummary } from '../../../protocol/view.ts';
import { readRunRecord } from '../../../runtime/store/run-folder.ts';
import { RunLog } from '../../../runtime/store/run-log.ts';

export interface RecordedSeries {
  tag: string;
  /** The columns' bytes in base64: JSON has no NaN. */
  steps: string;
  times: string;
  values: string;
  lengths: string;
}

export interface Recorded {
  summary: RunSummary;
  series: RecordedSeries[];
  events: RunEvent[];
}

/** A run that is over. @param name what it is called */
export function readRecorded(folder: string, name: string): Recorded {
  const record = readRunRecord(folder);
  const log = new RunLog(folder);
  const series = log.series().map(({ tag, points }) => readSeries(log, tag, points));
  const loss = log.lastValue('loss/train');
  const summary: RunSummary = {
    id: folder,
    name,
    pinned: false,
    script: path.basename(record.script),
    arguments: record.arguments,
    device: record.device,
    started: Date.parse(record.started) / 1000,
    ended: log.lastTime(),
    state: 'finished',
    says: '',
    step: loss?.step ?? 0,
    stepsPerSecond: log.lastValue('speed/steps_per_s')?.value ?? 0,
    progress: null,
    lastLoss: loss?.value ?? null,
    learningRateScale: null,
    isWatchedOnly: false,
    alarms: [],
  };
  const recorded = { summary, series, events: log.events(0) };
  log.close();
  return recorded;
}

function readSeries(log: RunLog, tag: string, points: number): RecordedSeries {
  const chunks: PointsChunk[] = [];
  for (let from = 0; from < points;) {
    const chunk = log.points(tag, from);
    if (chunk.count === 0) throw new Error(`${tag} ends after ${from} of ${points} points`);
    chunks.push(chunk);
    from += chunk.count;
  }
  const column = (part: (chunk: PointsChunk) => Uint8Array) =>
    Buffer.concat(chunks.map(part)).toString('base64');
  const unpacked = (bytes: Uint8Array, count: number) => new Uint8Array(unpackDeltas(bytes, count).buffer);
  return {
    tag,
    steps: column(({ steps, count }) => unpacked(steps, count)),
    times: column(({ times, count }) => unpacked(times, count)),
    values: column(({ values }) => values),
    lengths: column(({ lengths }) => lengths),
  };
}
