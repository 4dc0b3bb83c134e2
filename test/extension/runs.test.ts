import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { RunFacts } from '../../extension/disk/facts.ts';
import { Runs } from '../../extension/run/runs.ts';
import type { Marks } from '../../extension/run/summary.ts';

function facts(id: string, started: string): RunFacts {
  const record = {
    format: 1 as const,
    script: '/p/main.py',
    arguments: [],
    cwd: '/p',
    device: 'cpu',
    threads: 1,
    seed: null,
    gitCommit: null,
    versions: { unroll: '', pyodide: '', node: '' },
    started,
    engine: null,
    ended: started,
    exitCode: 0,
    signal: null,
    error: null,
    steps: 3,
  };
  return { id, record, problem: null, bytes: 10, goesOn: false };
}

/** A list over folders whose contents a test sets. */
function list(found: RunFacts[]) {
  const place = { found, listings: 0 };
  const call = (method: string) => {
    if (method === 'list') {
      place.listings++;
      return Promise.resolve([...place.found]);
    }
    return Promise.resolve({ step: 3, loss: 0.5, alarms: [] });
  };
  let marks: Record<string, Marks> = {};
  const memory = {
    get: () => marks,
    set: (wanted: Record<string, Marks>) => {
      marks = wanted;
      return Promise.resolve();
    },
  };
  return { place, runs: new Runs({ call: call as never }, () => ['/p'], memory) };
}

const live = (id: string) => ({
  id,
  facts: facts(id, '2026-01-03T00:00:00Z'),
  live: () => ({
    status: {
      phase: 'running' as const,
      doing: '',
      folder: id,
      step: 9,
      loss: 0.25,
      stepsPerSecond: 1,
      progress: null,
      learningRateScale: null,
      device: 'cpu',
      threads: 1,
    },
    isWatchedOnly: false,
    isStopping: false,
  }),
});

test('the newest first, with the last numbers of each', async () => {
  const { runs } = list([facts('/p/a', '2026-01-01T00:00:00Z'), facts('/p/b', '2026-01-02T00:00:00Z')]);
  await runs.refresh();
  assert.deepEqual(
    runs.summaries().map(({ id, lastLoss }) => [id, lastLoss]),
    [
      ['/p/b', 0.5],
      ['/p/a', 0.5],
    ],
  );
  assert.equal(runs.current, null);
  runs.dispose();
});

test('a run is live from its beginning to its record, and current all along', async () => {
  const { runs, place } = list([facts('/p/a', '2026-01-01T00:00:00Z')]);
  await runs.refresh();
  runs.begin(live('/p/c'));
  assert.equal(runs.current, '/p/c');
  assert.deepEqual([runs.find('/p/c')?.state, runs.find('/p/c')?.lastLoss], ['running', 0.25]);
  place.found.push(facts('/p/c', '2026-01-03T00:00:00Z'));
  await runs.end('/p/c', null);
  assert.equal(runs.find('/p/c')?.state, 'finished');
  assert.equal(runs.current, '/p/c');
  runs.dispose();
});

test('what is asked while the folders are read is read once more, not once each', async () => {
  const { runs, place } = list([]);
  await Promise.all([runs.refresh(), runs.refresh(), runs.refresh(), runs.refresh()]);
  assert.equal(place.listings, 2);
  runs.dispose();
});

test('a deleted run is gone; a name and a pin stay with theirs', async () => {
  const { runs, place } = list([
    facts('/p/a', '2026-01-01T00:00:00Z'),
    facts('/p/b', '2026-01-02T00:00:00Z'),
  ]);
  await runs.refresh();
  await runs.mark('/p/a', { name: 'best' });
  await runs.mark('/p/a', { pinned: true });
  place.found.pop();
  await runs.refresh();
  assert.deepEqual(
    runs.summaries().map(({ name, pinned }) => [name, pinned]),
    [['best', true]],
  );
  runs.dispose();
});

test('others hear of growth ten times a second at most', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { runs } = list([]);
  const heard: string[] = [];
  runs.grown.on((id) => heard.push(id));
  runs.begin(live('/p/c'));
  for (let i = 0; i < 50; i++) runs.follow('/p/c', true);
  context.mock.timers.tick(100);
  assert.deepEqual(heard, ['/p/c']);
  runs.follow('/p/c', true);
  context.mock.timers.tick(100);
  assert.equal(heard.length, 2);
  await Promise.resolve();
  runs.dispose();
  mock.restoreAll();
});
