import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packDeltas, unpackDeltas } from '../../../protocol/deltas.ts';

/** Packs, looks at the size, and compares what comes back bit for bit. */
function there(numbers: number[], most: number): void {
  const packed = packDeltas(Float64Array.from(numbers));
  assert.ok(packed.length <= most, `${packed.length} bytes`);
  // As a part of a larger buffer, too.
  const larger = new Uint8Array(packed.length + 7);
  larger.set(packed, 3);
  const back = unpackDeltas(larger.subarray(3, 3 + packed.length), numbers.length);
  assert.deepEqual(new BigUint64Array(back.buffer), new BigUint64Array(Float64Array.from(numbers).buffer));
}

/** From 0 to 1, the same each time. */
function noise(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test('steps take a byte each, times of a computer clock three', () => {
  const random = noise();
  const steps = Array.from({ length: 10_000 }, (_, i) => i + 1);
  there(steps, 10_010);
  there(
    steps.map((step) => step * 100),
    10_020,
  );
  let time = 1_764_000_000.123;
  const times = steps.map(() => (time += 0.04 + 0.002 * random()));
  there(times, 30_000);
  // A clock that is set back, and a pause of a day.
  there([...times, time - 3600, time - 3599.9, time + 86_400], 30_030);
});

test('any number comes back as it was', () => {
  there([], 9);
  there([0], 9);
  there([NaN, 1, Infinity, -Infinity, 5e-324], 41);
  there([2 ** 53, -(2 ** 53), 0.1], 25);
  there([2 ** 31 + 1 / 3, 2 ** 31 + 2 / 3], 17);
  there([1e300, -1e300, Number.MAX_VALUE], 25);
  there([5, -3, 1e15, -1e15, 0.25, 2 ** 40], 49);
  const random = noise();
  for (let round = 0; round < 200; round++) {
    const scale = 10 ** (40 * random() - 20);
    there(
      Array.from({ length: 50 }, () => (random() - 0.5) * scale),
      401,
    );
  }
});

test('bytes that are not such numbers are refused', () => {
  const packed = packDeltas(Float64Array.of(1, 2, 1000));
  const raw = packDeltas(Float64Array.of(NaN, 2, 1000));
  for (const bytes of [packed, raw]) {
    for (const count of [2, 4]) assert.throws(() => unpackDeltas(bytes, count), RangeError);
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => unpackDeltas(bytes.subarray(0, length), 3), RangeError);
  }
  const unknown = packed.slice();
  unknown[0] = 7;
  assert.throws(() => unpackDeltas(unknown, 3), /bytes are not 3 numbers/);
  const endless = new Uint8Array(100).fill(255);
  endless[0] = 0;
  assert.throws(() => unpackDeltas(endless, 2), RangeError);
});
