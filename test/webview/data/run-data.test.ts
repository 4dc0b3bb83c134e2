import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunData, type Source } from '../../../webview/data/run-data.ts';
import { chunkOf } from '../harness/chunks.ts';

/** A host that holds one value a step of every series, and gives at most `most` at a time. */
class Host implements Source {
  steps = 5;
  asked: { tag: string; from: number }[][] = [];
  failure: Error | null = null;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  series() {
    return Promise.resolve([{ tag: 'a', width: 1, points: this.steps, last: 1 }]);
  }

  points(_run: string, wanted: { tag: string; from: number }[]) {
    this.asked.push(wanted);
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve(
      wanted.map(({ from }) => {
        const count = Math.min(this.#most, this.steps - from);
        const values = Array.from({ length: count }, (_, i) => from + i);
        return { ...chunkOf(from, values), total: this.steps };
      }),
    );
  }

  events(_run: string, from: number) {
    return Promise.resolve(from === 0 ? [{ step: 2, time: 0, kind: 'paused', text: '' }] : []);
  }
}

/** Waits until the data has changed `times` more times, as often as it does. */
function changes(host: Host): { data: RunData; next: (times?: number) => Promise<void> } {
  let seen = 0;
  let waiting: { until: number; resolve: () => void } | null = null;
  const data = new RunData('run', host, () => {
    seen++;
    if (waiting && seen >= waiting.until) waiting.resolve();
  });
  return {
    data,
    next: (times = 1) =>
      new Promise((resolve) => {
        waiting = { until: seen + times, resolve };
      }),
  };
}

test('a series is pulled once, however often it is wanted, and piece by piece to its end', async () => {
  const host = new Host(2);
  const { data, next } = changes(host);
  data.want(['a', 'b', 'a']);
  await next(3);
  assert.deepEqual(
    host.asked.map((wanted) => wanted.map(({ tag, from }) => `${tag}${from}`)),
    [
      ['a0', 'b0'],
      ['a2', 'b2'],
      ['a4', 'b4'],
    ],
  );
  assert.equal(data.column('a').count, 5);
  assert.equal(data.share, 1);
  assert.equal(data.events.length, 1);
  assert.equal(data.isLoaded, true);
});

test('growth is pulled from where one is, and many calls to pull are few pulls', async () => {
  const host = new Host(100);
  const { data, next } = changes(host);
  data.want(['a']);
  await next();
  host.steps = 9;
  for (let i = 0; i < 50; i++) data.pull();
  await next();
  assert.deepEqual(host.asked.at(-1), [{ tag: 'a', from: 5 }]);
  assert.equal(host.asked.length, 2);
  assert.equal(data.column('a').count, 9);
});

test('a failure is told, and forgotten when it works again', async () => {
  const host = new Host(100);
  const { data, next } = changes(host);
  host.failure = new Error('the disk is gone');
  data.want(['a']);
  await next();
  assert.equal(data.problem, 'the disk is gone');
  assert.equal(data.isLoaded, false);
  host.failure = null;
  data.pull();
  await next();
  assert.equal(data.problem, null);
  assert.equal(data.column('a').count, 5);
});

test('at rest nothing is asked; wanting again goes on from there', async () => {
  const host = new Host(100);
  const { data, next } = changes(host);
  data.want(['a']);
  await next();
  data.rest();
  const asked = host.asked.length;
  host.steps = 7;
  data.want([]);
  await next();
  data.want(['a']);
  await next();
  assert.deepEqual(host.asked.slice(asked), [[{ tag: 'a', from: 5 }]]);
  assert.equal(data.column('a').count, 7);
});
