import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { bytesOf } from '../../../protocol/floats.ts';
import type { Measurement } from '../../../protocol/engine.ts';
import { crc32c, maskedCrc32c } from '../../../runtime/log/crc32c.ts';
import {
  type EventLog,
  EventFileReader,
  EventFileWriter,
  readEventFile,
} from '../../../runtime/log/event-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const measurements: Measurement[] = [
  {
    kind: 'step',
    wallTime: 1795476097.25,
    step: 1,
    scalars: { 'loss/train': 4.25, 'grad/total': 0.5 },
    vectors: { 'bptt/rnn/l0/h': [0.25, 0.5, 1] },
  },
  {
    kind: 'step',
    wallTime: 1795476098.5,
    step: 300,
    scalars: { 'loss/train': NaN, 'grad/total': Infinity },
    vectors: {},
  },
  {
    kind: 'event',
    wallTime: 1795476099,
    step: 2 ** 40,
    scalars: {},
    vectors: {},
    text: 'event/nonfinite: grad/w',
  },
];

function written(name: string): Buffer {
  const place = mkdtempSync(path.join(folder, name));
  const writer = new EventFileWriter(place, 1795476097);
  writer.append(measurements);
  writer.close();
  return readFileSync(writer.path);
}

function readEvents(bytes: Uint8Array): EventLog {
  const file = path.join(folder, 'bytes');
  writeFileSync(file, bytes);
  return readEventFile(file);
}

test('the checksum is CRC-32C, masked as event files have it', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(0)), 0);
  // The length field of a version record of 24 bytes, as TensorBoard's own files start.
  assert.equal(maskedCrc32c(Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0)), 0x224b7fa3);
});

test('a histogram is written as rows of left edge, right edge and count, and read back', () => {
  const place = mkdtempSync(path.join(folder, 'histogram'));
  const writer = new EventFileWriter(place, 1795476097);
  const bins = [-1, 0, 2, 0, 1, 3];
  const histograms = { values: bytesOf(bins) };
  writer.append([{ kind: 'scalars', wallTime: 1, step: 5, scalars: {}, vectors: {}, histograms }]);
  writer.close();
  const event = readEvents(readFileSync(writer.path)).events[1];
  assert.deepEqual([...(event?.histograms.get('values') ?? [])], bins);
  assert.equal(event?.vectors.size, 0);
});

test('what is written is read back', () => {
  const log = readEvents(written('round-trip'));
  assert.equal(log.damaged, 0);
  assert.equal(log.torn, 0);
  const [version, first, second, third] = log.events;
  assert.deepEqual(version?.scalars, new Map());
  assert.deepEqual([first?.step, first?.wallTime], [1, 1795476097.25]);
  assert.deepEqual(
    [...(first?.scalars ?? [])],
    [
      ['loss/train', 4.25],
      ['grad/total', 0.5],
    ],
  );
  assert.deepEqual([...(first?.vectors.get('bptt/rnn/l0/h') ?? [])], [0.25, 0.5, 1]);
  assert.deepEqual([...(second?.scalars.values() ?? [])], [NaN, Infinity]);
  assert.equal(third?.step, 2 ** 40);
  assert.equal(third.texts.get('event/nonfinite'), 'grad/w');
});

test('a log cut anywhere is read up to its last whole record', () => {
  const whole = written('torn');
  const ends: number[] = [];
  for (let at = 0; at < whole.length;) ends.push((at += 16 + Number(whole.readBigUInt64LE(at))));
  assert.equal(ends.length, 1 + measurements.length);
  for (let length = 0; length <= whole.length; length++) {
    const log = readEvents(whole.subarray(0, length));
    const complete = ends.filter((end) => end <= length);
    assert.equal(log.events.length, complete.length, `cut at ${length}`);
    assert.equal(log.end, complete.at(-1) ?? 0);
    assert.equal(log.torn, length - log.end);
    assert.equal(log.damaged, 0);
  }
});

test('a damaged record in the middle is left out and counted, those after it are kept', () => {
  const whole = written('damaged');
  const second = 16 + Number(whole.readBigUInt64LE(0));
  whole[second + 20] = (whole[second + 20] ?? 0) ^ 1;
  const log = readEvents(whole);
  assert.equal(log.damaged, 1);
  assert.equal(log.torn, 0);
  assert.deepEqual(
    log.events.map(({ step }) => step),
    [0, 300, 2 ** 40],
  );
});

test('a damaged length ends the reading there', () => {
  const whole = written('length');
  const second = 16 + Number(whole.readBigUInt64LE(0));
  whole[second] = (whole[second] ?? 0) ^ 1;
  const log = readEvents(whole);
  assert.equal(log.events.length, 1);
  assert.equal(log.torn, whole.length - second);
});

test('no flipped bit goes unnoticed', () => {
  const whole = written('flips');
  for (let bit = 0; bit < whole.length * 8; bit += 7) {
    const copy = Buffer.from(whole);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const log = readEvents(copy);
    assert.ok(log.damaged === 1 || log.torn > 0, `bit ${bit}`);
  }
});

test('a file of another writer is read: packed floats, unknown fields', () => {
  // Event { step: 3, summary { value { tag: "a", tensor { dtype: DT_FLOAT, float_val: [1, 2] } } }, 15: 1 }
  const tensor = Buffer.from([0x08, 1, 0x2a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
  const value = Buffer.concat([Buffer.from([0x0a, 1, 0x61, 0x42, tensor.length]), tensor]);
  const summary = Buffer.concat([Buffer.from([0x0a, value.length]), value]);
  const event = Buffer.concat([
    Buffer.from([0x10, 3, 0x2a, summary.length]),
    summary,
    Buffer.from([0x78, 1]),
  ]);
  const record = Buffer.alloc(16 + event.length);
  record.writeBigUInt64LE(BigInt(event.length));
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(event, 12);
  record.writeUInt32LE(maskedCrc32c(event), 12 + event.length);
  const log = readEvents(record);
  assert.deepEqual([...(log.events[0]?.vectors.get('a') ?? [])], [1, 2]);
});

test('a file that grows is read on from where it ended, and records longer than a piece are whole', () => {
  const place = mkdtempSync(path.join(folder, 'grows'));
  const writer = new EventFileWriter(place, 1795476097);
  const reader = new EventFileReader(writer.path);
  const steps: number[] = [];
  const read = () => {
    reader.read(({ step }) => steps.push(step));
  };
  read();
  const long = new Array<number>(1_500_000).fill(0.5);
  const measure = (step: number, values: number[]): Measurement => ({
    ...(measurements[0] as Measurement),
    step,
    vectors: { 'bptt/rnn/l0/h': values },
  });
  writer.append([measure(1, [1]), measure(2, long), measure(3, [])]);
  read();
  writer.append([measure(4, long)]);
  read();
  writer.close();
  assert.deepEqual(steps, [0, 1, 2, 3, 4]);
  assert.deepEqual([reader.end, reader.torn, reader.damaged], [writer.size, 0, 0]);
  reader.close();
});

test('a file that is not there is an error', () => {
  assert.throws(() => readEventFile(path.join(folder, 'nothing')), { code: 'ENOENT' });
});
