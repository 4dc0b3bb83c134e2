import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunStatus } from '../../protocol/engine.ts';
import type { RunRecord } from '../../runtime/store/run-folder.ts';
import { size, summarise } from '../../extension/run/summary.ts';

const record: RunRecord = {
  format: 1,
  script: '/p/main.py',
  arguments: ['--epochs', '3'],
  cwd: '/p',
  device: 'cpu',
  threads: 2,
  seed: null,
  gitCommit: null,
  versions: { unroll: '1', pyodide: '1', node: '20' },
  started: '2026-11-25T10:00:00.000Z',
  engine: null,
  ended: '2026-11-25T10:04:00.000Z',
  exitCode: 0,
  signal: null,
  error: null,
  steps: 1430,
};
const status: RunStatus = {
  phase: 'running',
  doing: '',
  folder: '/p/.unroll/runs/a',
  step: 12,
  loss: 2.5,
  stepsPerSecond: 3,
  progress: null,
  learningRateScale: 1,
  device: 'cpu',
  threads: 2,
};
const facts = (change: Partial<RunRecord>) => ({
  id: '/p/.unroll/runs/a',
  record: { ...record, ...change },
  problem: null,
  bytes: 3_100_000,
  goesOn: false,
});
const ended = (change: Partial<RunRecord>) => {
  const { state, says } = summarise(facts(change), undefined, { step: 7, loss: 1, alarms: [] }, null);
  return `${state}: ${says}`;
};

test('each way to end has its state and its sentence', () => {
  assert.equal(ended({}), 'finished: Saved. 1,430 steps, 3.1 MB.');
  assert.equal(ended({ signal: 'SIGTERM', exitCode: null }), 'stopped: Saved. 1,430 steps, 3.1 MB.');
  const interrupt = { type: 'KeyboardInterrupt', message: '' };
  assert.match(ended({ error: interrupt, exitCode: 130 }), /^stopped: /);
  assert.equal(
    ended({ error: { type: 'ValueError', message: 'no' }, exitCode: 1 }),
    'failed: ValueError: no',
  );
  assert.equal(ended({ exitCode: 3 }), 'failed: The script ended with code 3.');
  assert.equal(
    ended({ ended: null, exitCode: null, steps: null }),
    'failed: Its process ended without a word after step 7; the log up to there is kept.',
  );
  assert.match(
    summarise(facts({ ended: null, exitCode: null, steps: null }), undefined, null, null).says,
    /^Its process ended without a word before the end of a first step;/,
  );
  const unreadable = { id: '/p/x', record: null, problem: 'of another version', bytes: 0, goesOn: false };
  assert.equal(summarise(unreadable, undefined, null, null).says, 'of another version');
});

test('a run that goes on shows its engine’s numbers, and what a person named it', () => {
  const live = { status, isWatchedOnly: true, isStopping: false };
  const summary = summarise(
    facts({ ended: null, exitCode: null, steps: null }),
    { name: 'best', pinned: true },
    {
      step: 10,
      loss: 2.5,
      alarms: [{ step: 1041, time: 0, kind: 'nonfinite', text: 'grad/rnn.weight_hh_l0' }],
    },
    live,
  );
  assert.equal(summary.name, 'best');
  assert.equal(summary.pinned, true);
  assert.equal(summary.state, 'running');
  assert.equal(summary.step, 12);
  assert.equal(summary.lastLoss, 2.5);
  assert.equal(summary.isWatchedOnly, true);
  assert.equal(summary.ended, null);
  assert.deepEqual(summary.alarms, ['The gradient of rnn.weight_hh_l0 is not finite at step 1,041']);
});

test('a run is named by its script and when it was started', () => {
  const name = (started: string) => summarise(facts({ started }), undefined, null, null).name;
  assert.match(name('2026-01-02T10:00:00.000Z'), /^main · \d Jan \d\d:00$/);
  assert.match(name(new Date().toISOString()), /^main · \d\d:\d\d:\d\d$/);
});

test('sizes', () => {
  assert.deepEqual([0, 999, 1000, 1_950_000, 12_400_000, 999_600].map(size), [
    '0 bytes',
    '999 bytes',
    '1 kB',
    '1.9 MB',
    '12 MB',
    '1 MB',
  ]);
});
