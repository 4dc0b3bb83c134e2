import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from '../../../protocol/floats.ts';
import type { Measurement } from '../../../protocol/engine.ts';
import { TelemetryReader } from '../../../runtime/log/telemetry.ts';

function record(kind: number, ...parts: Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  return Buffer.concat([u32(payload.length), u32(kind), payload]);
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
function f64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function read(reader: TelemetryReader, bytes: Uint8Array): Measurement[] {
  return [...reader.read(bytes)].flat();
}

const names = Buffer.concat([
  record(1, u32(7), Buffer.from('loss/train')),
  record(1, u32(9), Buffer.from('bptt/rnn/ü/h')),
]);
const step = record(2, f64(1.5), f64(12), u32(1), u32(7), f32(0.5), u32(1), u32(9), u32(2), f32(1), f32(NaN));

test('names, steps, scalars and events are read, names kept between calls', () => {
  const reader = new TelemetryReader();
  assert.deepEqual(read(reader, names), []);
  const evaluation = record(4, f64(2), f64(12), u32(1), u32(7), f32(0.25), u32(0));
  const event = record(3, f64(3), f64(13), Buffer.from('event/nonfinite: grad/w'));
  assert.deepEqual(read(reader, Buffer.concat([step, evaluation, event])), [
    {
      kind: 'step',
      wallTime: 1.5,
      step: 12,
      scalars: { 'loss/train': 0.5 },
      vectors: { 'bptt/rnn/ü/h': [1, NaN] },
    },
    { kind: 'scalars', wallTime: 2, step: 12, scalars: { 'loss/train': 0.25 }, vectors: {} },
    { kind: 'event', wallTime: 3, step: 13, scalars: {}, vectors: {}, text: 'event/nonfinite: grad/w' },
  ]);
});

test('a histogram is read as left edge, right edge and count of each bin', () => {
  const reader = new TelemetryReader();
  read(reader, names);
  const histogram = record(
    5,
    f64(4),
    f64(9),
    u32(1),
    u32(7),
    u32(6),
    f32(-1),
    f32(0),
    f32(2),
    f32(0),
    f32(1),
    f32(3),
  );
  assert.deepEqual(read(reader, histogram), [
    {
      kind: 'scalars',
      wallTime: 4,
      step: 9,
      scalars: {},
      vectors: {},
      histograms: { 'loss/train': bytesOf([-1, 0, 2, 0, 1, 3]) },
    },
  ]);
});

test('bytes that start anywhere in a larger buffer are read', () => {
  const reader = new TelemetryReader();
  const larger = Buffer.concat([Buffer.alloc(3), names, step]);
  assert.equal(read(reader, new Uint8Array(larger).subarray(3)).length, 1);
});

test('many records come in batches, a large one by itself', () => {
  const reader = new TelemetryReader();
  read(reader, names);
  const long = record(2, f64(1), f64(7), u32(0), u32(1), u32(9), u32(10_000), Buffer.alloc(40_000));
  const bytes = Buffer.concat([...Array.from({ length: 2000 }, () => step), long, long, step]);
  const batches = [...reader.read(bytes)];
  const records = Math.ceil(2 ** 14 / step.length);
  const whole = Math.floor(2000 / records);
  const rest = 2000 - whole * records;
  assert.deepEqual(
    batches.map(({ length }) => length),
    [...new Array<number>(whole).fill(records), rest + 1, 1, 1],
  );
});

test('a record cut anywhere is refused', () => {
  for (let length = 1; length < step.length; length++) {
    const reader = new TelemetryReader();
    read(reader, names);
    assert.throws(() => read(reader, step.subarray(0, length)), RangeError, `cut at ${length}`);
  }
});

test('counts and lengths that point past the record are refused', () => {
  const reading = (bytes: Buffer) => () => {
    const reader = new TelemetryReader();
    read(reader, names);
    read(reader, bytes);
  };
  assert.throws(reading(record(2, f64(1), f64(1), u32(0xffffffff))), RangeError);
  assert.throws(reading(record(2, f64(1), f64(1), u32(0), u32(1), u32(9), u32(0x40000000))), RangeError);
  assert.throws(reading(record(2, f64(1), f64(1), u32(0), u32(0), u32(0))), /4 bytes too many/);
  assert.throws(reading(record(2, f64(1), f64(1), u32(1), u32(8), f32(1), u32(0))), /without a name/);
  assert.throws(reading(record(5, f64(1), f64(1), u32(9), Buffer.alloc(3))), RangeError);
  assert.throws(reading(record(6)), /unknown kind 6/);
});
