// Runs for tests: folders with a record, and what a training writes into them. They go when the test file ends.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { bytesOf } from '../../../protocol/floats.ts';
import type { Measurement } from '../../../protocol/engine.ts';
import { type RunRecord, writeRunRecord } from '../../../runtime/store/run-folder.ts';
import { RunLogWriter } from '../../../runtime/store/run-log-writer.ts';

export const top = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
after(() => {
  rmSync(top, { recursive: true });
});

const record: RunRecord = {
  format: 1,
  script: '/home/me/train.py',
  arguments: [],
  cwd: '/home/me',
  device: 'cpu',
  threads: 4,
  seed: null,
  gitCommit: null,
  versions: { unroll: '0', pyodide: '0', node: '0' },
  started: '2026-11-03T07:05:09.000Z',
  engine: null,
  ended: '2026-11-03T07:06:10.000Z',
  exitCode: 0,
  signal: null,
  error: null,
  steps: 3,
};
/** Of a run that goes on: this process stands for its engine. */
export const running: Partial<RunRecord> = {
  ended: null,
  exitCode: null,
  engine: { pid: process.pid, socket: process.execPath },
};

export function newRun(changes: Partial<RunRecord> = {}): string {
  const folder = mkdtempSync(path.join(top, 'run-'));
  writeRunRecord(folder, { ...record, ...changes });
  return folder;
}

export const say = (message: string) => assert.fail(message);

/** Steps as a training makes them: full records and short ones, windows of several lengths, epochs, verdicts, events. */
export function* training(steps: number, from = 1): Generator<Measurement> {
  for (let step = from; step < from + steps; step++) {
    const wallTime = 1.8e9 + step / 64;
    const scalars: Record<string, number> = {
      'loss/train': Math.fround(4 / step),
      'grad/total': step % 97 ? 0.5 : NaN,
    };
    const vectors: Record<string, number[]> = {};
    if (step > 1) scalars['speed/steps_per_s'] = 64;
    if (step % 4 === 0) {
      scalars['grad/w'] = step;
      const length = step % 12 === 0 ? 1 + (step % 7) : 35;
      vectors['bptt/rnn/l0/h'] = Array.from({ length }, (_, t) => Math.fround(1 / (t + step)));
    }
    if (step % 31 === 0) scalars[`verdict/${step % 3}`] = step;
    yield { kind: 'step', wallTime, step, scalars, vectors };
    if (step % 50 === 0)
      yield { kind: 'scalars', wallTime, step, scalars: { 'loss/eval': 3, epoch: step / 50 }, vectors: {} };
    if (step % 60 === 0) {
      yield {
        kind: 'scalars',
        wallTime,
        step: 3,
        scalars: {},
        vectors: {},
        histograms: { weights: bytesOf([0, 0.5, 7, 0.5, 1, step]) },
      };
    }
    if (step % 70 === 0)
      yield {
        kind: 'event',
        wallTime,
        step,
        scalars: {},
        vectors: {},
        text: `event/paused: after step ${step}`,
      };
  }
}

export function write(folder: string, measurements: Iterable<Measurement>): RunLogWriter {
  const writer = new RunLogWriter(folder, 1.8e9, say);
  const all = [...measurements];
  for (let i = 0; i < all.length; i += 10) writer.append(all.slice(i, i + 10));
  return writer;
}
