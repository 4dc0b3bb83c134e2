import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import type { Measurement } from '../../../protocol/engine.ts';
import { TelemetryPump } from '../../../runtime/engine/telemetry-pump.ts';
import { readEventFile } from '../../../runtime/log/event-file.ts';
import { findEventFile } from '../../../runtime/store/run-folder.ts';

const series = 40;
const timeSteps = 20;
const nothing = new Uint8Array(0);

/** As native/telemetry/record.h has them. */
function record(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(kind, 4);
  return Buffer.concat([head, payload]);
}

function names(): Buffer {
  const name = (id: number, tag: string) =>
    record(1, Buffer.concat([Uint8Array.of(id, 0, 0, 0), Buffer.from(tag)]));
  const scalars = Array.from({ length: series }, (_, id) => name(id, `grad/${id}`));
  return Buffer.concat([...scalars, name(series, 'bptt/rnn/l0/h')]);
}

function step(number: number): Buffer {
  const payload = Buffer.alloc(16 + 4 + 8 * series + 4 + 8 + 4 * timeSteps);
  let at = payload.writeDoubleLE(1.8e9 + number, 0);
  at = payload.writeDoubleLE(number, at);
  at = payload.writeUInt32LE(series, at);
  for (let id = 0; id < series; id++) {
    at = payload.writeUInt32LE(id, at);
    at = payload.writeFloatLE(number + id, at);
  }
  at = payload.writeUInt32LE(1, at);
  at = payload.writeUInt32LE(series, at);
  at = payload.writeUInt32LE(timeSteps, at);
  for (let t = 0; t < timeSteps; t++) at = payload.writeFloatLE(number + t, at);
  return record(2, payload);
}

/** A pump, and what makes a round of it with these records in the ring. */
function newPump(t: TestContext, measured: (measurements: Measurement[]) => void) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  let waiting: Uint8Array = nothing;
  const addon = {
    recordBytes: () => 1 << 16,
    drain: (into: Uint8Array) => {
      assert.equal(into.length, 1 << 16);
      const { length } = waiting;
      into.set(waiting);
      waiting = nothing;
      return length;
    },
    trainerState: () => ({ isPaused: false, learningRateScale: null, progress: null }),
  };
  const failed = (message: string) => assert.fail(message);
  const pump = new TelemetryPump(addon, folder, new Date(0), { measured, pumped: () => undefined, failed });
  const round = (records: Buffer) => {
    waiting = records;
    t.mock.timers.tick(100);
  };
  return { pump, round, folder };
}

test('what was measured stays as it was when the next records come to its place', (t) => {
  const all: Measurement[] = [];
  const { pump, round, folder } = newPump(t, (measurements) => all.push(...measurements));
  round(names());
  for (let number = 1; number < 30; number += 3) {
    round(Buffer.concat([step(number), step(number + 1), step(number + 2)]));
  }
  pump.close();
  assert.equal(pump.steps, 30);
  const logged = readEventFile(findEventFile(folder) ?? '').events.slice(1);
  assert.equal(logged.length, 30);
  for (let i = 0; i < 30; i++) {
    const number = i + 1;
    assert.deepEqual([all[i]?.step, logged[i]?.step], [number, number]);
    assert.deepEqual(
      [all[i]?.scalars['grad/39'], logged[i]?.scalars.get('grad/39')],
      [number + 39, number + 39],
    );
    const vector = Array.from({ length: timeSteps }, (_, time) => number + time);
    assert.deepEqual(all[i]?.vectors['bptt/rnn/l0/h'], vector);
    assert.deepEqual([...(logged[i]?.vectors.get('bptt/rnn/l0/h') ?? [])], vector);
  }
});

test('rounds make no buffers', (t) => {
  const { pump, round } = newPump(t, () => undefined);
  round(names());
  const records = Buffer.concat(Array.from({ length: 16 }, (_, i) => step(i + 1)));
  for (let i = 0; i < 10; i++) round(records);
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  let most = 0;
  for (let i = 0; i < 200; i++) {
    round(records);
    most = Math.max(most, held() - before);
  }
  assert.ok(most < 1 << 16, `${most} bytes`);
  pump.close();
});
