import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClosedError, ProtocolError, RemoteError, Rpc, type Transport } from '../../../protocol/rpc.ts';

interface Left {
  double: (n: number) => number;
  fail: (why: string) => void;
  never: (params: null) => number;
}
interface Right {
  greet: (name: string) => string;
}

class Wire implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;
  other: Wire | null = null;
  isClosed = false;

  send(message: unknown): void {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => this.other?.onMessage(copy));
  }
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
    this.other?.close();
  }
}

function conversation() {
  const [leftWire, rightWire] = [new Wire(), new Wire()];
  leftWire.other = rightWire;
  rightWire.other = leftWire;
  const left = new Rpc<Left, Right>(leftWire, {
    double: (n) => n * 2,
    fail: (why) => {
      throw new Error(why);
    },
    never: () => new Promise(() => undefined),
  });
  const right = new Rpc<Right, Left>(rightWire, { greet: (name) => Promise.resolve(`hello ${name}`) });
  return { left, right, leftWire, rightWire };
}

test('both sides call each other', async () => {
  const { left, right } = conversation();
  assert.deepEqual(
    await Promise.all([right.call('double', 4), left.call('greet', 'you'), right.call('double', 5)]),
    [8, 'hello you', 10],
  );
});

test("a handler's failure rejects the call with its message", async () => {
  const { right } = conversation();
  await assert.rejects(right.call('fail', 'no such thing'), (error) => {
    assert.ok(error instanceof RemoteError);
    assert.equal(error.message, 'no such thing');
    return true;
  });
});

test('a method that is not served is refused, inherited names too', async () => {
  const { right } = conversation();
  for (const method of ['nothing', 'toString', '__proto__']) {
    await assert.rejects(right.call(method as 'double', 1), /unknown method/);
  }
});

test('the end rejects what is pending and all later calls', async () => {
  const { right, left } = conversation();
  const pending = right.call('never', null);
  left.close();
  await assert.rejects(pending, ClosedError);
  await assert.rejects(right.call('double', 1), ClosedError);
  assert.equal(await right.closed, undefined);
});

for (const [what, message] of [
  ['no kind', { id: 1 }],
  ['an unknown kind', { kind: 'shout' }],
  ['not an object', 'call'],
  ['a call without a number', { kind: 'call', method: 'double', params: 1 }],
  ['an answer to no call', { kind: 'result', id: 99, value: 1 }],
  ['a notice to no method', { kind: 'notify', method: 'nothing', params: 1 }],
] as const) {
  test(`a message that makes no sense ends the conversation: ${what}`, async () => {
    const { left, leftWire } = conversation();
    leftWire.onMessage(message);
    await left.closed;
    assert.ok(leftWire.isClosed);
  });
}

test('the reason for breaking off is told', async () => {
  const { left, leftWire, rightWire } = conversation();
  leftWire.other = null; // closing does not come back
  leftWire.close = () => undefined;
  leftWire.onMessage(null);
  assert.ok((await left.closed) instanceof ProtocolError);
  rightWire.close();
});
