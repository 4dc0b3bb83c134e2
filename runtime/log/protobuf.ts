// The part of the protocol buffer wire format that event files need: writing and reading fields by number.
import type { GrowingBytes } from '../growing-bytes.ts';

/** How a field's value is laid out. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Appends fields to bytes that grow. */
export class MessageWriter {
  readonly #out: GrowingBytes;

  constructor(out: GrowingBytes) {
    this.#out = out;
  }

  /** @param value a non-negative integer up to 2^53 */
  varint(field: number, value: number): void {
    this.#tag(field, wire.varint);
    this.#varint(value);
  }

  double(field: number, value: number): void {
    this.#tag(field, wire.fixed64);
    const at = this.#out.extend(8);
    this.#out.buffer.writeDoubleLE(value, at);
  }

  float(field: number, value: number): void {
    this.#tag(field, wire.fixed32);
    this.#float(value);
  }

  /** float32 values, as bytes. */
  floats(field: number, values: ArrayLike<number>): void {
    this.#tag(field, wire.bytes);
    this.#varint(4 * values.length);
    for (let i = 0; i < values.length; i++) this.#float(values[i] as number);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, wire.bytes);
    this.#varint(value.length);
    const at = this.#out.extend(value.length);
    this.#out.buffer.set(value, at);
  }

  text(field: number, value: string): void {
    const bytes = Buffer.byteLength(value);
    this.#tag(field, wire.bytes);
    this.#varint(bytes);
    this.#out.text(value, bytes);
  }

  /** Begins a field that is a message itself: what is written up to `end` is its. Returns what `end` wants. */
  begin(field: number): number {
    this.#tag(field, wire.bytes);
    return this.#out.extend(1); // for the length; most take no more
  }

  end(start: number): void {
    const out = this.#out;
    const length = out.length - start - 1;
    let more = 0;
    for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) more++;
    if (more > 0) {
      out.extend(more);
      out.buffer.copyWithin(start + 1 + more, start + 1, start + 1 + length);
    }
    const end = out.length;
    out.length = start;
    this.#varint(length);
    out.length = end;
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    while (value >= 128) {
      this.#byte((value % 128) + 128);
      value = Math.floor(value / 128);
    }
    this.#byte(value);
  }

  #byte(value: number): void {
    const at = this.#out.extend(1);
    this.#out.buffer[at] = value;
  }

  #float(value: number): void {
    const at = this.#out.extend(4);
    this.#out.buffer.writeFloatLE(value, at);
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
