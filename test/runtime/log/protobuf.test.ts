import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingBytes } from '../../../runtime/growing-bytes.ts';
import { FieldReader, MessageWriter, wire } from '../../../runtime/log/protobuf.ts';

function written(write: (writer: MessageWriter) => void): Uint8Array {
  const bytes = new GrowingBytes();
  write(new MessageWriter(bytes));
  return Uint8Array.from(bytes.buffer.subarray(0, bytes.length));
}

test('fields are laid out as the format says', () => {
  const bytes = written((writer) => {
    writer.varint(1, 150); // the format's own example
    writer.text(2, 'testing');
    writer.float(3, 1);
    writer.double(16, -2);
    writer.floats(4, [1]);
  });
  const expected = '089601' + '120774657374696e67' + '1d0000803f' + '810100000000000000c0' + '22040000803f';
  assert.equal(Buffer.from(bytes).toString('hex'), expected);
});

test('a message within has its length in as few bytes as it takes, and what follows stays whole', () => {
  for (const length of [0, 1, 125, 126, 127, 128, 16_380, 16_381, 16_382, 16_384, 2_097_150]) {
    const text = 'x'.repeat(length);
    const bytes = written((writer) => {
      const outer = writer.begin(1);
      const inner = writer.begin(2);
      writer.text(3, text);
      writer.end(inner);
      writer.varint(4, 2 ** 53);
      writer.end(outer);
      writer.varint(5, 7);
    });
    const varintBytes = (value: number) => Math.max(1, Math.ceil(value.toString(2).length / 7));
    const within = 1 + varintBytes(length) + length;
    const around = 1 + varintBytes(within) + within + 1 + 8;
    assert.equal(bytes.length, 1 + varintBytes(around) + around + 2, `${length}`);
    const message = new FieldReader(bytes);
    assert.deepEqual([message.next(), message.id, message.type], [true, 1, wire.bytes]);
    const outer = message.fields;
    assert.deepEqual([outer.next(), outer.id], [true, 2]);
    const inner = outer.fields;
    assert.deepEqual([inner.next(), inner.id, inner.text === text, inner.next()], [true, 3, true, false]);
    assert.deepEqual([outer.next(), outer.id, outer.number, outer.next()], [true, 4, 2 ** 53, false]);
    assert.deepEqual([message.next(), message.id, message.number, message.next()], [true, 5, 7, false]);
  }
});
