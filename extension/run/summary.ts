// A run in a few words and numbers, from its record and, while it goes on, from its engine.
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { RunStatus } from '../../protocol/engine.ts';
import type { RunEvent, RunState, RunSummary } from '../../protocol/view.ts';
import type { RunRecord } from '../../runtime/store/run-folder.ts';
import type { RunFacts } from '../disk/facts.ts';
import { visible } from '../plain.ts';

/** What a person has put on a run. */
export interface Marks {
  name?: string;
  pinned?: boolean;
}

/** The last numbers in a run's log. */
export interface LastNumbers {
  step: number;
  loss: number | null;
  alarms: RunEvent[];
}

/** How an engine ended that did not come to write the run's end. */
export interface Crash {
  /** A signal's name or an exit code's number. */
  how: string;
  step: number;
}

/** What this window knows of a run that goes on. */
export interface LiveFacts {
  status: RunStatus;
  isWatchedOnly: boolean;
  /** A stop was asked for and the script still has its say. */
  isStopping: boolean;
}

export function summarise(
  facts: RunFacts,
  marks: Marks | undefined,
  last: LastNumbers | null,
  live: LiveFacts | null,
  crash: Crash | null = null,
): RunSummary {
  const { id, record } = facts;
  const { state, says } = live ? sayLive(live) : sayEnded(facts, last, crash);
  return {
    id,
    name: marks?.name ?? (record ? nameOf(record) : path.basename(id)),
    pinned: marks?.pinned ?? false,
    script: record?.script ?? '',
    arguments: record?.arguments ?? [],
    device: live?.status.device ?? record?.device ?? '',
    started: secondsOf(record?.started) ?? 0,
    ended: secondsOf(record?.ended),
    state,
    says,
    step: live?.status.step ?? record?.steps ?? last?.step ?? 0,
    stepsPerSecond: live?.status.stepsPerSecond ?? NaN,
    progress: live?.status.progress ?? null,
    lastLoss: last?.loss ?? null,
    learningRateScale: live?.status.learningRateScale ?? null,
    isWatchedOnly: live?.isWatchedOnly ?? facts.goesOn,
    alarms: last?.alarms.map(sayAlarm) ?? [],
  };
}

/** Of an ISO date; null where there is none. */
function secondsOf(date: string | null | undefined): number | null {
  const milliseconds = Date.parse(date ?? '');
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** "main · 03:26:12", or "main · 24 Nov 03:26": what is to be known of a run at a glance, where nobody has named it. */
function nameOf({ script, started }: RunRecord): string {
  const stem = visible(path.basename(script, path.extname(script)));
  const date = new Date(started);
  if (Number.isNaN(date.getTime())) return stem;
  const isToday = date.toDateString() === new Date().toDateString();
  const when = isToday ? time.format(date) : day.format(date).replace(',', '');
  return `${stem} · ${when}`;
}

function sayLive({ status, isStopping }: LiveFacts): { state: RunState; says: string } {
  const { phase, doing, step } = status;
  if (isStopping) return { state: phase, says: l10n.t('Interrupted; stop again to end it at once.') };
  switch (phase) {
    case 'starting':
      return { state: phase, says: `${doing || l10n.t('Starting')}…` };
    case 'running':
      return { state: phase, says: '' };
    case 'pausing':
      return { state: phase, says: l10n.t('Pausing at the end of this step…') };
    case 'paused':
      return { state: phase, says: l10n.t('Paused after step {0}.', count(step)) };
    case 'ended':
      return { state: phase, says: l10n.t('Ending…') };
  }
}

/** Where in its training a run was cut off; `step` is its last whole one. */
export const whereEnded = (step: number): string =>
  step === 0 ? l10n.t('before the end of a first step') : l10n.t('after step {0}', count(step));

function sayEnded(
  facts: RunFacts,
  last: LastNumbers | null,
  crash: Crash | null,
): { state: RunState; says: string } {
  const { record, problem, bytes } = facts;
  if (!record) return { state: 'unreadable', says: problem ?? l10n.t('Its record cannot be read.') };
  if (facts.goesOn) return { state: 'running', says: l10n.t('Goes on; this window has no part in it.') };
  const kept = `${steps(record.steps ?? last?.step ?? 0)}, ${size(bytes)}`;
  if (record.ended === null) {
    const where = whereEnded(crash?.step ?? last?.step ?? 0);
    const says = crash
      ? l10n.t('The engine was ended by {0} {1}; the log up to there is kept.', crash.how, where)
      : l10n.t('Its process ended without a word {0}; the log up to there is kept.', where);
    return { state: 'failed', says };
  }
  const failure = failureOf(record);
  if (failure !== null) return { state: 'failed', says: failure };
  if (record.signal !== null || record.error?.type === 'KeyboardInterrupt') {
    return { state: 'stopped', says: l10n.t('Saved. {0}.', kept) };
  }
  return { state: 'finished', says: l10n.t('Saved. {0}.', kept) };
}

function sayAlarm({ kind, text, step }: RunEvent): string {
  if (kind !== 'nonfinite') return text;
  const [, what = text] = /^grad\/(.*)$/s.exec(text) ?? [];
  return what === text
    ? l10n.t('{0} is not finite at step {1}', what, count(step))
    : l10n.t('The gradient of {0} is not finite at step {1}', what, count(step));
}

/** What went wrong by itself; null where nothing did. */
function failureOf({ error, exitCode, signal }: RunRecord): string | null {
  if (error && error.type !== 'KeyboardInterrupt') return `${error.type}: ${error.message}`;
  if (!error && signal === null && exitCode !== 0)
    return l10n.t('The script ended with code {0}.', exitCode ?? 1);
  return null;
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function count(n: number): string {
  return number.format(n);
}

function steps(n: number): string {
  return n === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(n));
}

/** "3 MB": a size in the largest unit in which it is at least 1. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit + 1 < units.length; unit++) value /= 1000;
  return `${value < 10 && unit > 0 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0)} ${units[unit] ?? ''}`;
}
