// The part of the protocol buffer wire format that event files need: writing and reading fields by number.

/** How a field's value is laid out. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Appends fields to a growing message. */
export class MessageWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** @param value a non-negative integer up to 2^53 */
  varint(field: number, value: number): this {
    this.#tag(field, wire.varint);
    this.#varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, wire.fixed64);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, wire.fixed32);
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, wire.bytes);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  /** The message so far; good until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#reserve(10);
    while (value >= 128) {
      this.#bytes[this.#length++] = (value % 128) + 128;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#length++] = value;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** A field as read; `number` for the numeric kinds, `bytes` for the rest (a view into the message). */
export interface Field {
  id: number;
  type: number;
  number: number;
  bytes: Uint8Array;
}

const none = new Uint8Array(0);

/** The fields of a message, in order. @throws RangeError where it is malformed or cut short */
export function* readFields(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('a number that does not end');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const field: Field = { id: Math.floor(tag / 8), type: tag % 8, number: 0, bytes: none };
    switch (field.type) {
      case wire.varint:
        field.number = varint();
        break;
      case wire.fixed64:
        field.number = view.getFloat64(at, true);
        at += 8;
        break;
      case wire.fixed32:
        field.number = view.getFloat32(at, true);
        at += 4;
        break;
      case wire.bytes: {
        const length = varint();
        if (at + length > message.length) throw new RangeError('a field longer than its message');
        field.bytes = message.subarray(at, at + length);
        at += length;
        break;
      }
      default:
        throw new RangeError(`unknown wire type ${field.type}`);
    }
    yield field;
  }
}
