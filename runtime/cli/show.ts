// `unroll show`: a recorded run on the terminal.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { unpackDeltas } from '../../protocol/deltas.ts';
import { listRuns, readRunRecord, runsFolder, snapshotName } from '../store/run-folder.ts';
import { RunLog } from '../store/run-log.ts';
import { RunTensors } from '../store/run-tensors.ts';
import { bytes, count, duration, number, table } from './format.ts';
import { lineChart, logBars, type Point } from './plot.ts';
import { describeEnd } from './runs.ts';
import { tensorReport, tensorRows } from './tensors.ts';
import { isVerdict, verdicts } from './verdicts.ts';

const maxWidth = 100;
const lossHeight = 10;
const barsHeight = 5;
/** The series kept for each parameter. */
const parameterSeries = ['grad', 'weight', 'update'];

export function showRun(name: string, tensor: string | null): number {
  const folder = findRun(name);
  if (tensor !== null) {
    console.log(withSnapshot(folder, (tensors) => tensorReport(tensors, tensor)));
    return 0;
  }
  const width = Math.min(maxWidth, process.stdout.columns || 80);
  const sections = [heading(folder)];
  const log = new RunLog(folder);
  sections.push(...curves(log, width), ...lastValues(log));
  if (log.damaged > 0) sections.push(`${count(log.damaged)} damaged records are left out.`);
  if (log.torn > 0)
    sections.push(`The log ends within a record (${count(log.torn)} bytes); all before it is whole.`);
  log.close();
  if (existsSync(path.join(folder, snapshotName))) {
    sections.push(`Parameters at the end\n${withSnapshot(folder, (tensors) => table(tensorRows(tensors)))}`);
  }
  console.log(sections.filter((section) => section !== '').join('\n\n'));
  return 0;
}

/** A run's folder by path, by name or its beginning, or the last one. @throws where there is none, or several */
function findRun(name: string): string {
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory()) return name;
  const runs = listRuns(runsFolder('.'));
  const last = runs.at(-1);
  if (name === 'last' && last !== undefined) return last;
  const found = runs.filter((run) => path.basename(run).startsWith(name));
  const exact = found.find((run) => path.basename(run) === name);
  const [only, other] = exact === undefined ? found : [exact];
  if (only === undefined) throw new Error(`there is no run "${name}"; \`unroll runs\` lists them`);
  if (other !== undefined)
    throw new Error(`${found.length} runs begin with "${name}"; write more of its name`);
  return only;
}

function heading(folder: string): string {
  const record = readRunRecord(folder);
  const { started, ended, seed, gitCommit, error } = record;
  const time = [`started ${new Date(started).toLocaleString('sv')}`, describeEnd(record)];
  if (ended !== null) time.push(duration((Date.parse(ended) - Date.parse(started)) / 1000));
  const setting = [record.device, `${record.threads} threads`];
  if (seed !== null) setting.push(`seed ${seed}`);
  if (gitCommit !== null) setting.push(`commit ${gitCommit.slice(0, 10)}`);
  const lines = [
    `${path.basename(path.resolve(folder))}: ${[record.script, ...record.arguments].join(' ')}`,
    time.join(', '),
    setting.join(', '),
  ];
  if (error !== null) lines.push(`${error.type}: ${error.message}`);
  return lines.join('\n');
}

function curves(log: RunLog, width: number): string[] {
  const sections: string[] = [];
  const losses = points(log, 'loss/train');
  if (losses.length > 1) sections.push(`loss/train\n${lineChart(losses, width, lossHeight, 'steps')}`);
  for (const { tag } of log.series()) {
    const last = tag.startsWith('bptt/') ? log.lastVector(tag) : null;
    if (!last) continue;
    const title = `${tag}: 2-norm of the loss's gradient by the state, at step ${count(last.step)} (log scale)`;
    sections.push(`${title}\n${logBars(last.values, width, barsHeight, 'time step t')}`);
  }
  return sections;
}

function points(log: RunLog, tag: string): Point[] {
  const all: Point[] = [];
  for (;;) {
    const { count: got, total, steps, values } = log.points(tag, all.length);
    const x = unpackDeltas(steps, got);
    const y = new Float32Array(values.buffer);
    for (let i = 0; i < got; i++) all.push({ x: x[i] ?? NaN, y: y[i] ?? NaN });
    if (all.length >= total) return all;
  }
}

/** The last value of every series: those of the whole training in a list, those of parameters in a table. */
function lastValues(log: RunLog): string[] {
  const last = new Map(
    log.series().flatMap(({ tag }): [string, { step: number; value: number }][] => {
      const value = log.lastValue(tag);
      return value ? [[tag, value]] : [];
    }),
  );
  const cell = (tag: string) => (last.has(tag) ? number(last.get(tag)?.value ?? NaN) : '');
  const parameters = [...last.keys()].filter((tag) => tag.startsWith('weight/')).map((tag) => tag.slice(7));
  const ofParameters = new Set(
    parameters.flatMap((name) => parameterSeries.map((kind) => `${kind}/${name}`)),
  );
  const rest = [...last]
    .filter(([tag]) => !ofParameters.has(tag) && !isVerdict(tag))
    .sort(([a], [b]) => rank(a) - rank(b));
  const sections = [verdicts(new Map([...last].map(([tag, { value }]) => [tag, value])))];
  if (rest.length > 0) {
    const show = (tag: string, value: number) => (tag.startsWith('memory/') ? bytes(value) : number(value));
    const rows = rest.map(([tag, { step, value }]) => [tag, show(tag, value), count(step)]);
    sections.push(table([['series', 'last value', 'step'], ...rows]));
  }
  if (parameters.length > 0) {
    const rows = parameters.map((name) => [name, ...parameterSeries.map((kind) => cell(`${kind}/${name}`))]);
    sections.push(
      `2-norms at the last step\n${table([['parameter', 'gradient', 'weight', 'update'], ...rows])}`,
    );
  }
  return sections;
}

/** Losses first, then what is asked for most. */
function rank(tag: string): number {
  const place = ['loss/', 'grad/', 'lr/', 'epoch', 'speed/'].findIndex((start) => tag.startsWith(start));
  return place < 0 ? 9 : place;
}

function withSnapshot<T>(folder: string, use: (tensors: RunTensors) => T): T {
  const tensors = new RunTensors(folder);
  try {
    if (tensors.entries.length === 0)
      throw new Error(`${folder} has no ${snapshotName}: it is written when a run ends`);
    return use(tensors);
  } finally {
    tensors.close();
  }
}
