// Reads the records that the native side leaves in its ring (native/telemetry/record.h describes them).
import type { Measurement } from '../../protocol/engine.ts';

const kinds = { name: 1, step: 2, event: 3, scalars: 4, histograms: 5 } as const;

/** Records of so many bytes make a batch. */
const batchBytes = 1 << 14;

/** Turns drained bytes into measurements; remembers the names of series between calls. */
export class TelemetryReader {
  readonly #names = new Map<number, string>();

  /**
   * The measurements in `bytes`, which hold whole records, a few at a time: so they are done with before much has been
   * made of them, and memory stays flat however much has come. @throws RangeError where the bytes hold anything else
   */
  *read(bytes: Uint8Array): Generator<Measurement[]> {
    const cursor = new Cursor(bytes);
    let batch: Measurement[] = [];
    let bound = batchBytes;
    while (cursor.enter()) {
      const measurement = this.#record(cursor);
      if (measurement) batch.push(measurement);
      if (cursor.end < bound) continue;
      bound = cursor.end + batchBytes;
      yield batch;
      batch = [];
    }
    yield batch;
  }

  #record(record: Cursor): Measurement | null {
    switch (record.kind) {
      case kinds.name:
        this.#names.set(record.uint32(), record.text());
        return null;
      case kinds.step:
        return this.#numbers('step', record);
      case kinds.scalars:
        return this.#numbers('scalars', record);
      case kinds.event: {
        const [wallTime, step] = [record.float64(), record.float64()];
        return { kind: 'event', wallTime, step, scalars: {}, vectors: {}, text: record.text() };
      }
      case kinds.histograms: {
        const [wallTime, step] = [record.float64(), record.float64()];
        const histograms: Record<string, Uint8Array> = {};
        for (let n = record.uint32(); n > 0; n--)
          histograms[this.#name(record.uint32())] = record.bytes(4 * record.uint32());
        return { kind: 'scalars', wallTime, step, scalars: {}, vectors: {}, histograms };
      }
      default:
        throw new RangeError(`a telemetry record of unknown kind ${record.kind}`);
    }
  }

  #numbers(kind: 'step' | 'scalars', record: Cursor): Measurement {
    const [wallTime, step] = [record.float64(), record.float64()];
    const scalars: Record<string, number> = {};
    for (let n = record.uint32(); n > 0; n--) scalars[this.#name(record.uint32())] = record.float32();
    const vectors: Record<string, number[]> = {};
    for (let n = record.uint32(); n > 0; n--)
      vectors[this.#name(record.uint32())] = record.floats(record.uint32());
    if (record.left > 0) throw new RangeError(`a telemetry record with ${record.left} bytes too many`);
    return { kind, wallTime, step, scalars, vectors };
  }

  #name(id: number): string {
    const name = this.#names.get(id);
    if (name === undefined) throw new RangeError(`a series without a name (${id})`);
    return name;
  }
}

/** Takes little-endian values one after the other; never past the end of the record. */
class Cursor {
  /** Of the record. */
  kind = 0;
  /** Where the record ends. */
  end = 0;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes on to the next record; false at the end of all. */
  enter(): boolean {
    this.#at = this.end;
    this.end = this.#view.byteLength;
    if (this.left === 0) return false;
    const length = this.uint32();
    this.kind = this.uint32();
    this.#check(length);
    this.end = this.#at + length;
    return true;
  }

  /** Bytes of the record. */
  get left(): number {
    return this.end - this.#at;
  }
  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }
  float32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }
  /** So many float32. */
  floats(count: number): number[] {
    let at = this.#advance(4 * count);
    const values = new Array<number>(count);
    for (let i = 0; i < count; i++, at += 4) values[i] = this.#view.getFloat32(at, true);
    return values;
  }
  /** So many bytes, copied. */
  bytes(count: number): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    const from = byteOffset + this.#advance(count);
    return new Uint8Array(buffer.slice(from, from + count));
  }
  /** All that is left, as UTF-8. */
  text(): string {
    const { buffer, byteOffset } = this.#view;
    const length = this.left;
    return Buffer.from(buffer, byteOffset + this.#advance(length), length).toString('utf8');
  }

  #advance(length: number): number {
    this.#check(length);
    const from = this.#at;
    this.#at += length;
    return from;
  }

  #check(length: number): void {
    if (length > this.left) throw new RangeError('a telemetry record cut short');
  }
}
