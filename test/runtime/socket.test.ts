import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { test } from 'node:test';
import { ProtocolError } from '../../protocol/rpc.ts';
import { decodeFrame, encodeFrame, SocketTransport } from '../../runtime/socket.ts';

const message = {
  kind: 'notify',
  method: 'output',
  params: {
    bytes: Uint8Array.of(0, 255, 7),
    more: [new Uint8Array(0), Buffer.from('hi')],
    n: [NaN, -Infinity, 1.5],
  },
};

function frameOf(value: unknown): Buffer {
  return Buffer.concat(encodeFrame(value).map((part) => Buffer.from(part as string)));
}

test('bytes and all numbers survive the way', () => {
  assert.deepEqual(decodeFrame(frameOf(message).subarray(4)), {
    ...message,
    params: {
      bytes: Uint8Array.of(0, 255, 7),
      more: [new Uint8Array(0), Uint8Array.from(Buffer.from('hi'))],
      n: [NaN, -Infinity, 1.5],
    },
  });
});

test('frames that lie about themselves are refused', () => {
  const whole = frameOf(message).subarray(4);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => decodeFrame(whole.subarray(0, length)), ProtocolError, `cut at ${length}`);
  }
  const text = (json: string) =>
    Buffer.concat([Buffer.from(Uint32Array.of(json.length).buffer), Buffer.from(json)]);
  for (const place of ['[0,1]', '[-1,1]', '[0]', '"x"', '[0,1e99]', '[0.5,0]']) {
    assert.throws(() => decodeFrame(text(`{"$bytes":${place}}`)), ProtocolError, place);
  }
  assert.throws(() => decodeFrame(text('{')), ProtocolError);
});

async function pair(): Promise<[SocketTransport, Socket]> {
  const server = createServer();
  server.listen(
    path.join(os.tmpdir(), `unroll-test-${process.pid}-${Math.random().toString(36).slice(2)}.sock`),
  );
  await once(server, 'listening');
  const client = connect(server.address() as string);
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [new SocketTransport(socket), client];
}

test('a frame that comes byte by byte, and two that come at once, are whole messages', async () => {
  const [transport, client] = await pair();
  const received: unknown[] = [];
  transport.onMessage = (each) => received.push(each);
  const frame = frameOf({ n: 1 });
  client.setNoDelay(true);
  for (const byte of frame) {
    client.write(Uint8Array.of(byte));
    await new Promise(setImmediate);
  }
  client.write(Buffer.concat([frameOf({ n: 2 }), frameOf({ n: 3 })]));
  client.end();
  await new Promise<void>(
    (resolve) =>
      (transport.onClose = () => {
        resolve();
      }),
  );
  assert.deepEqual(received, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('nonsense ends the conversation with an error', async () => {
  const [transport, client] = await pair();
  client.write(Buffer.alloc(16, 255));
  const error = await new Promise<Error | undefined>((resolve) => (transport.onClose = resolve));
  assert.ok(error instanceof ProtocolError);
  client.destroy();
});
