// `unroll show`: a recorded run on the terminal.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { LoggedEvent } from '../log/event-message.ts';
import { readEventFile } from '../log/event-file.ts';
import { SafetensorsFile } from '../store/safetensors.ts';
import { findEventFile, listRuns, readRunRecord, runsFolder, snapshotName } from '../store/run-folder.ts';
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
    console.log(withSnapshot(folder, (file) => tensorReport(file, tensor)));
    return 0;
  }
  const width = Math.min(maxWidth, process.stdout.columns || 80);
  const sections = [heading(folder)];
  const eventFile = findEventFile(folder);
  if (eventFile !== null) {
    const log = readEventFile(eventFile);
    sections.push(...curves(log.events, width), ...lastValues(log.events));
    if (log.damaged > 0) sections.push(`${count(log.damaged)} damaged records are left out.`);
    if (log.torn > 0)
      sections.push(`The log ends within a record (${count(log.torn)} bytes); all before it is whole.`);
  }
  if (existsSync(path.join(folder, snapshotName))) {
    sections.push(`Parameters at the end\n${withSnapshot(folder, (file) => table(tensorRows(file)))}`);
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

function curves(events: LoggedEvent[], width: number): string[] {
  const sections: string[] = [];
  const losses: Point[] = [];
  for (const { step, scalars } of events) {
    const y = scalars.get('loss/train');
    if (y !== undefined) losses.push({ x: step, y });
  }
  if (losses.length > 1) sections.push(`loss/train\n${lineChart(losses, width, lossHeight, 'steps')}`);
  const vectors = new Map<string, { step: number; values: Float32Array }>();
  for (const { step, vectors: here } of events) {
    for (const [tag, values] of here) vectors.set(tag, { step, values });
  }
  for (const [tag, { step, values }] of vectors) {
    if (!tag.startsWith('bptt/')) continue;
    const title = `${tag}: 2-norm of the loss's gradient by the state, at step ${count(step)} (log scale)`;
    sections.push(`${title}\n${logBars([...values], width, barsHeight, 'time step t')}`);
  }
  return sections;
}

/** The last value of every series: those of the whole training in a list, those of parameters in a table. */
function lastValues(events: LoggedEvent[]): string[] {
  const last = new Map<string, { step: number; value: number }>();
  for (const { step, scalars } of events) for (const [tag, value] of scalars) last.set(tag, { step, value });
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

function withSnapshot<T>(folder: string, use: (file: SafetensorsFile) => T): T {
  const name = path.join(folder, snapshotName);
  if (!existsSync(name)) throw new Error(`${folder} has no ${snapshotName}: it is written when a run ends`);
  const file = new SafetensorsFile(name);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
