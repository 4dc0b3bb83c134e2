import assert from 'node:assert/strict';
import { test } from 'node:test';
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

const names = Buffer.concat([
  record(1, u32(7), Buffer.from('loss/train')),
  record(1, u32(9), Buffer.from('bptt/rnn/ü/h')),
]);
const step = record(2, f64(1.5), f64(12), u32(1), u32(7), f32(0.5), u32(1), u32(9), u32(2), f32(1), f32(NaN));

test('names, steps, scalars and events are read, names kept between calls', () => {
  const reader = new TelemetryReader();
  assert.deepEqual(reader.read(names), []);
  const evaluation = record(4, f64(2), f64(12), u32(1), u32(7), f32(0.25), u32(0));
  const event = record(3, f64(3), f64(13), Buffer.from('event/nonfinite: grad/w'));
  assert.deepEqual(reader.read(Buffer.concat([step, evaluation, event])), [
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
  reader.read(names);
  const histogram = record(5, f64(4), f64(9), u32(7), f32(-1), f32(0), f32(2), f32(0), f32(1), f32(3));
  assert.deepEqual(reader.read(histogram), [
    {
      kind: 'scalars',
      wallTime: 4,
      step: 9,
      scalars: {},
      vectors: {},
      histograms: { 'loss/train': [-1, 0, 2, 0, 1, 3] },
    },
  ]);
});

test('bytes that start anywhere in a larger buffer are read', () => {
  const reader = new TelemetryReader();
  const larger = Buffer.concat([Buffer.alloc(3), names, step]);
  assert.equal(reader.read(new Uint8Array(larger).subarray(3)).length, 1);
});

test('a record cut anywhere is refused', () => {
  for (let length = 1; length < step.length; length++) {
    const reader = new TelemetryReader();
    reader.read(names);
    assert.throws(() => reader.read(step.subarray(0, length)), RangeError, `cut at ${length}`);
  }
});

test('counts and lengths that point past the record are refused', () => {
  const read = (bytes: Buffer) => () => {
    const reader = new TelemetryReader();
    reader.read(names);
    reader.read(bytes);
  };
  assert.throws(read(record(2, f64(1), f64(1), u32(0xffffffff))), RangeError);
  assert.throws(read(record(2, f64(1), f64(1), u32(0), u32(1), u32(9), u32(0x40000000))), RangeError);
  assert.throws(read(record(2, f64(1), f64(1), u32(0), u32(0), u32(0))), /4 bytes too many/);
  assert.throws(read(record(2, f64(1), f64(1), u32(1), u32(8), f32(1), u32(0))), /without a name/);
  assert.throws(read(record(5, f64(1), f64(1), u32(9), Buffer.alloc(3))), RangeError);
  assert.throws(read(record(6)), /unknown kind 6/);
});
