// A real run for the pages: read from its folder here, handed to the browser as one text, and answered there as a host
// would.
import path from 'node:path';
import type { RunEvent, RunSummary } from '../../../protocol/view.ts';
import { readRunRecord } from '../../../runtime/store/run-folder.ts';
import { RunLog } from '../../../runtime/store/run-log.ts';

export interface RecordedSeries {
  tag: string;
  isVector: boolean;
  /** The columns' bytes in base64. */
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

/** @param name what the run is called; `state`: as if it were in it */
export function readRecorded(folder: string, name: string, state: RunSummary['state']): Recorded {
  const record = readRunRecord(folder);
  const log = new RunLog(folder);
  const series = log.series().map(({ tag, points }) => readSeries(log, tag, points));
  const steps = log.lastValue('loss/train')?.step ?? 0;
  const started = Date.parse(record.started) / 1000;
  const isLive = state === 'running';
  const summary: RunSummary = {
    id: folder,
    name,
    pinned: false,
    script: path.basename(record.script),
    arguments: record.arguments,
    device: record.device,
    started,
    ended: isLive ? null : log.lastTime(),
    state,
    says: '',
    step: steps,
    // JSON has no NaN; what is over shows no speed.
    stepsPerSecond: log.lastValue('speed/steps_per_s')?.value ?? 0,
    progress: null,
    lastLoss: log.lastValue('loss/train')?.value ?? null,
    learningRateScale: isLive ? 1 : null,
    isWatchedOnly: false,
    alarms: [],
  };
  const recorded = { summary, series, events: log.events(0) };
  log.close();
  return recorded;
}

function readSeries(log: RunLog, tag: string, points: number): RecordedSeries {
  const parts: Record<'steps' | 'times' | 'values' | 'lengths', Uint8Array[]> = {
    steps: [],
    times: [],
    values: [],
    lengths: [],
  };
  for (let from = 0; from < points;) {
    const chunk = log.points(tag, from);
    if (chunk.count === 0) throw new Error(`${tag} ends after ${from} of ${points} points`);
    parts.steps.push(chunk.steps);
    parts.times.push(chunk.times);
    parts.values.push(chunk.values);
    parts.lengths.push(chunk.lengths);
    from += chunk.count;
  }
  const text = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString('base64');
  const [steps, times, values, lengths] = [parts.steps, parts.times, parts.values, parts.lengths].map(
    text,
  ) as [string, string, string, string];
  return { tag, isVector: lengths !== '', steps, times, values, lengths };
}
