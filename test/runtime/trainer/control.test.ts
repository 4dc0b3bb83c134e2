import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, interruptSlot, raiseSignal, sigint } from '../../../runtime/trainer/control.ts';

test('the interpreter takes a signal once, and never one that came while it looked', () => {
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.size));
  const slot = interruptSlot(shared);
  // What the interpreter does: reads, then writes 0.
  assert.equal(slot[0], 0);
  raiseSignal(shared, sigint);
  slot[0] = 0;
  assert.equal(slot[0], sigint);
  slot[0] = 0;
  assert.equal(slot[0], 0);
});
