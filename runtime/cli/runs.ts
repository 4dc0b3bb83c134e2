// `unroll runs`: what has been recorded in a folder.
import { statSync } from 'node:fs';
import path from 'node:path';
import { listRuns, readRunRecord, runsFolder, type RunRecord } from '../store/run-folder.ts';
import { RunLog } from '../store/run-log.ts';
import { count, duration, number, table } from './format.ts';

export function listRunsIn(folder: string | null): number {
  const at = folder ?? '.';
  if (!statSync(at, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`there is no folder ${at}`);
  // A folder of runs itself, or one that holds them.
  const inside = listRuns(runsFolder(at));
  const runs = inside.length > 0 ? inside : listRuns(at);
  if (runs.length === 0) {
    console.log(`No runs in ${at}. \`unroll run SCRIPT\` records one.`);
    return 0;
  }
  console.log(table([['run', 'steps', 'loss', 'time', 'end'], ...runs.map(describe)]));
  return 0;
}

function describe(folder: string): string[] {
  const record = readRunRecord(folder);
  const { steps, loss, lastTime } = lastStep(folder);
  const started = Date.parse(record.started) / 1000;
  const ended = record.ended === null ? lastTime : Date.parse(record.ended) / 1000;
  return [
    path.basename(folder),
    count(record.steps ?? steps),
    loss === undefined ? '' : number(loss),
    ended === undefined ? '' : duration(Math.max(0, ended - started)),
    describeEnd(record),
  ];
}

/** How the run ended, in a word or two. */
export function describeEnd({ ended, exitCode, signal, error }: RunRecord): string {
  if (ended === null) return 'running, or killed';
  if (signal !== null) return `stopped (${signal})`;
  if (error !== null) return error.type;
  return exitCode === 0 ? 'finished' : `exit code ${exitCode ?? '?'}`;
}

function lastStep(folder: string): { steps: number; loss: number | undefined; lastTime: number | undefined } {
  const log = new RunLog(folder);
  const last = log.lastValue('loss/train');
  const lastTime = log.lastTime() ?? undefined;
  log.close();
  return { steps: last?.step ?? 0, loss: last?.value, lastTime };
}
