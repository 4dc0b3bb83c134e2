import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { unpackDeltas } from '../../../protocol/deltas.ts';
import { EventFileReader, EventFileWriter } from '../../../runtime/log/event-file.ts';
import { ColumnWriter } from '../../../runtime/store/column-writer.ts';
import { findEventFile } from '../../../runtime/store/run-folder.ts';
import { RunLog } from '../../../runtime/store/run-log.ts';
import { RunLogWriter } from '../../../runtime/store/run-log-writer.ts';
import { newRun, running, say, top, training, write } from './made-runs.ts';

/** Every series, by reading the whole event file. */
function expected(folder: string): { series: Map<string, number[][]>; events: unknown[] } {
  const series = new Map<string, number[][]>();
  const events: unknown[] = [];
  const reader = new EventFileReader(findEventFile(folder) ?? '');
  reader.read(({ step, wallTime, scalars, vectors, histograms, texts }) => {
    for (const [tag, value] of [...scalars, ...vectors, ...histograms]) {
      const points = series.get(tag) ?? [];
      points.push([step, wallTime, ...(typeof value === 'number' ? [value] : value)]);
      series.set(tag, points);
    }
    for (const [tag, text] of texts)
      events.push({ step, time: wallTime, kind: tag.replace('event/', ''), text });
  });
  reader.close();
  return { series, events };
}

/** The same, by the log's own account, in pieces. */
function held(log: RunLog): ReturnType<typeof expected> {
  const series = new Map<string, number[][]>();
  for (const { tag, points, width, last } of log.series()) {
    const all: number[][] = [];
    let longest = 0;
    while (all.length < points) {
      const { from, count, total, ...bytes } = log.points(tag, all.length);
      assert.deepEqual([from, total], [all.length, points]);
      assert.ok(count > 0);
      const [steps, times] = [bytes.steps, bytes.times].map((packed) => unpackDeltas(packed, count));
      const values = new Float32Array(bytes.values.buffer as ArrayBuffer);
      const lengths = new Uint32Array(bytes.lengths.buffer as ArrayBuffer);
      for (let i = 0, at = 0; i < count; i++) {
        const length = lengths.length > 0 ? (lengths[i] ?? 0) : 1;
        all.push([steps?.[i] ?? NaN, times?.[i] ?? NaN, ...values.subarray(at, at + length)]);
        at += length;
        longest = Math.max(longest, length);
      }
    }
    series.set(tag, all);
    assert.equal(width, longest, tag);
    const lastPoint = all.at(-1) ?? [];
    if (tag.startsWith('bptt/') || tag === 'weights')
      assert.deepEqual(log.lastVector(tag)?.values, lastPoint.slice(2));
    else
      assert.deepEqual(
        [last, log.lastValue(tag)],
        [lastPoint[2], { step: lastPoint[0], value: lastPoint[2] }],
      );
    const isScalar = !(tag.startsWith('bptt/') || tag === 'weights');
    const sampled = log.sample(tag, all.length).map(({ step, value }) => [step, value]);
    assert.deepEqual(sampled, isScalar ? all.map(([step, , value]) => [step, value]) : []);
  }
  return { series, events: log.events(0) };
}

function check(log: RunLog): void {
  assert.deepEqual(held(log), expected(log.folder));
}

const cacheOf = (folder: string) => path.join(folder, 'columns');

/** All that the cache's files hold. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(cacheOf(folder)).sort();
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(cacheOf(folder), name), 'base64')]),
  );
}

test('what the engine writes is read point for point, with no look at the event file', () => {
  const folder = newRun();
  write(folder, training(1000)).close();
  const before = contentsOf(folder);
  const events = findEventFile(folder) ?? '';
  const right = expected(folder);
  const size = readFileSync(events).length;
  writeFileSync(events, Buffer.alloc(size));
  const log = new RunLog(folder);
  assert.deepEqual(held(log), right);
  log.close();
  assert.deepEqual(contentsOf(folder), before);
  assert.ok(Object.keys(before).length < 30, `${Object.keys(before).length} files`);
});

test('a run that goes on is followed', () => {
  const folder = newRun(running);
  const writer = new RunLogWriter(folder, 1.8e9, say);
  const log = new RunLog(folder);
  assert.deepEqual(log.series(), []);
  assert.ok(!log.refresh());
  for (let from = 1; from < 600; from += 37) {
    writer.append([...training(37, from)]);
    assert.ok(log.refresh());
    assert.ok(!log.refresh());
    check(log);
  }
  const { count, total } = log.points('loss/train', 500);
  assert.deepEqual([count, total], [129, 629]);
  writer.close();
  log.close();
});

test('a cache that is missing, of another version, of another file or damaged is made anew', () => {
  const whole = newRun();
  write(whole, training(300)).close();
  const spoil: Record<string, (folder: string) => void> = {
    missing: (folder) => {
      rmSync(cacheOf(folder), { recursive: true });
    },
    'another version': (folder) => {
      const index = path.join(cacheOf(folder), 'index.jsonl');
      writeFileSync(index, readFileSync(index, 'utf8').replace('"format":1', '"format":99'));
    },
    'another file': (folder) => {
      const index = path.join(cacheOf(folder), 'index.jsonl');
      writeFileSync(index, readFileSync(index, 'utf8').replace('tfevents', 'tfother'));
    },
    'rows lost': (folder) => {
      truncateSync(path.join(cacheOf(folder), 'rows-0.bin'), 100);
    },
    'a group lost': (folder) => {
      rmSync(path.join(cacheOf(folder), 'rows-1.bin'));
    },
    'no commit': (folder) => {
      truncateSync(path.join(cacheOf(folder), 'commit.bin'), 10);
    },
    'a wrong commit': (folder) => {
      writeFileSync(path.join(cacheOf(folder), 'commit.bin'), Buffer.alloc(24, 7));
    },
    nonsense: (folder) => {
      writeFileSync(path.join(cacheOf(folder), 'index.jsonl'), '{"format":1,\n');
    },
    'more than the event file': (folder) => {
      truncateSync(findEventFile(folder) ?? '', 5000);
    },
  };
  for (const [what, how] of Object.entries(spoil)) {
    const folder = mkdtempSync(path.join(top, 'spoilt-'));
    cpSync(whole, folder, { recursive: true });
    how(folder);
    let log = new RunLog(folder);
    check(log);
    log.close();
    const made = contentsOf(folder);
    log = new RunLog(folder);
    check(log);
    log.close();
    assert.deepEqual(contentsOf(folder), made, what);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('tmp')),
      [],
    );
  }
});

test('a cache that is behind is completed from the event file, torn tail and all', () => {
  const folder = newRun();
  const writer = write(folder, training(200));
  const cache = mkdtempSync(path.join(top, 'behind-'));
  cpSync(cacheOf(folder), cache, { recursive: true });
  writer.append([...training(77, 201)]);
  writer.close();
  rmSync(cacheOf(folder), { recursive: true });
  cpSync(cache, cacheOf(folder), { recursive: true });
  appendFileSync(findEventFile(folder) ?? '', Buffer.from([40, 0, 0, 0, 0, 0, 0, 0, 1, 2]));
  const log = new RunLog(folder);
  check(log);
  assert.deepEqual([log.torn, log.damaged], [10, 0]);
  log.close();
});

test('rows without a commit are not there yet', () => {
  const folder = newRun(running);
  const writer = write(folder, training(100));
  const committed = readFileSync(path.join(cacheOf(folder), 'commit.bin'));
  writer.append([...training(10, 101)]);
  const after = readFileSync(path.join(cacheOf(folder), 'commit.bin'));
  writeFileSync(path.join(cacheOf(folder), 'commit.bin'), committed);
  appendFileSync(path.join(cacheOf(folder), 'rows-0.bin'), 'half a row');
  const log = new RunLog(folder);
  assert.equal(log.lastValue('loss/train')?.step, 100);
  writeFileSync(path.join(cacheOf(folder), 'commit.bin'), after);
  assert.ok(log.refresh());
  check(log);
  log.close();
  writer.close();
});

test('a run that goes on without a cache is read from its event file', () => {
  const folder = newRun(running);
  const writer = new EventFileWriter(folder, 1.8e9);
  writer.append([...training(50)]);
  const log = new RunLog(folder);
  check(log);
  writer.append([...training(50, 51)]);
  assert.ok(log.refresh());
  check(log);
  log.close();
  writer.close();
  assert.ok(!existsSync(cacheOf(folder)));
});

test('an engine that cannot go on with its cache says so once and goes on with the log, and so do readers', () => {
  const folder = newRun(running);
  const said: string[] = [];
  const writer = new RunLogWriter(folder, 1.8e9, (message) => said.push(message));
  writer.append([...training(1)]);
  const log = new RunLog(folder);
  rmSync(cacheOf(folder), { recursive: true });
  writer.append([...training(50, 2)]);
  writer.append([...training(50, 52)]);
  writer.close();
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /^the cache of the run log cannot be written \(ENOENT.*; the log is complete$/);
  assert.ok(log.refresh());
  check(log);
  log.close();
});

test('a folder that cannot be written is read all the same', () => {
  const folder = newRun();
  write(folder, training(100)).close();
  rmSync(cacheOf(folder), { recursive: true });
  writeFileSync(cacheOf(folder), 'in the way');
  const log = new RunLog(folder);
  check(log);
  log.close();
});

test('damaged records are left out and counted, also the next time', () => {
  const folder = newRun();
  write(folder, training(20)).close();
  rmSync(cacheOf(folder), { recursive: true });
  const file = findEventFile(folder) ?? '';
  const bytes = readFileSync(file);
  const second = 16 + Number(bytes.readBigUInt64LE(0));
  bytes[second + 20] = (bytes[second + 20] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  for (let i = 0; i < 2; i++) {
    const log = new RunLog(folder);
    check(log);
    assert.equal(log.damaged, 1);
    log.close();
  }
});

test('a run of 1,000,000 steps opens in under 3 s, in bounded memory', (t) => {
  const folder = newRun();
  const names = [
    'loss/train',
    'grad/total',
    'grad/total_clipped',
    'grad/clip_threshold',
    'lr/0',
    'speed/steps_per_s',
  ];
  const events = new EventFileWriter(folder, 1.8e9);
  events.close();
  const writer = new ColumnWriter(cacheOf(folder), path.basename(events.path));
  for (let step = 1; step <= 1_000_000; step++) {
    names.forEach((name, k) => {
      writer.add(name, step + k);
    });
    writer.end(step, 1.8e9 + step);
    if (step % 1000 === 0) writer.commit(events.size);
  }
  writer.close();
  const before = process.memoryUsage();
  const start = performance.now();
  const log = new RunLog(folder);
  let got = 0;
  for (let chunk = log.points('loss/train', 0); chunk.count > 0; chunk = log.points('loss/train', got)) {
    got += chunk.count;
  }
  const milliseconds = performance.now() - start;
  t.diagnostic(`opened and read in ${milliseconds.toFixed(0)} ms`);
  assert.equal(got, 1_000_000);
  assert.deepEqual(log.lastValue('lr/0'), { step: 1_000_000, value: 1_000_004 });
  assert.deepEqual(
    log.sample('lr/0', 5).map(({ step, value }) => [step, value - step]),
    [1, 250_001, 500_001, 750_000, 1_000_000].map((step) => [step, 4]),
  );
  assert.deepEqual(log.sample('no/such', 5), []);
  assert.ok(milliseconds < 3000, `${milliseconds} ms`);
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(grown < 200e6, `${grown} bytes`);
  log.close();
});
