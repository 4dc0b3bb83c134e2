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

  /** Forgets what was written, for the next message. */
  reset(): this {
    this.#length = 0;
    return this;
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

/** Goes through the fields of a message, in order. */
export class FieldReader {
  id = 0;
  type = 0;
  /** The value of a numeric field. */
  number = 0;
  readonly #message: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  #from = 0;

  constructor(message: Uint8Array, from = 0, end = message.length) {
    this.#message = message;
    this.#view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#at = from;
    this.#end = end;
  }

  /** The content of the other fields, a view into the message. */
  get bytes(): Uint8Array {
    return this.#message.subarray(this.#from, this.#at);
  }

  /** The content of such a field, as a message. */
  get fields(): FieldReader {
    return new FieldReader(this.#message, this.#from, this.#at);
  }

  get text(): string {
    const { buffer, byteOffset } = this.#message;
    return Buffer.from(buffer, byteOffset + this.#from, this.#at - this.#from).toString('utf8');
  }

  /** Goes on to the next field; false at the end. @throws RangeError where the message is malformed or cut short */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.id = Math.floor(tag / 8);
    this.type = tag % 8;
    switch (this.type) {
      case wire.varint:
        this.number = this.#varint();
        break;
      case wire.fixed64:
        this.number = this.#view.getFloat64(this.#advance(8), true);
        break;
      case wire.fixed32:
        this.number = this.#view.getFloat32(this.#advance(4), true);
        break;
      case wire.bytes: {
        const length = this.#varint();
        this.#from = this.#advance(length);
        break;
      }
      default:
        throw new RangeError(`unknown wire type ${this.type}`);
    }
    return true;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.#at >= this.#end || scale > 2 ** 63) throw new RangeError('a number that does not end');
      const byte = this.#message[this.#at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #advance(length: number): number {
    if (length > this.#end - this.#at) throw new RangeError('a field longer than its message');
    const from = this.#at;
    this.#at += length;
    return from;
  }
}
