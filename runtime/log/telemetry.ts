// Reads the records that the native side leaves in its ring (native/telemetry/record.h describes them).
import type { Measurement } from '../../protocol/engine.ts';

const kinds = { name: 1, step: 2, event: 3, scalars: 4, histogram: 5 } as const;

/** Turns drained bytes into measurements; remembers the names of series between calls. */
export class TelemetryReader {
  readonly #names = new Map<number, string>();

  /** The measurements in `bytes`, which hold whole records. @throws RangeError where they do not */
  read(bytes: Uint8Array): Measurement[] {
    const cursor = new Cursor(bytes);
    const measurements: Measurement[] = [];
    while (cursor.left > 0) {
      const length = cursor.uint32();
      const kind = cursor.uint32();
      const measurement = this.#record(kind, cursor.part(length));
      if (measurement) measurements.push(measurement);
    }
    return measurements;
  }

  #record(kind: number, record: Cursor): Measurement | null {
    switch (kind) {
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
      case kinds.histogram: {
        const [wallTime, step] = [record.float64(), record.float64()];
        const tag = this.#name(record.uint32());
        const bins: number[] = [];
        while (record.left > 0) bins.push(record.float32());
        return { kind: 'scalars', wallTime, step, scalars: {}, vectors: {}, histograms: { [tag]: bins } };
      }
      default:
        throw new RangeError(`a telemetry record of unknown kind ${kind}`);
    }
  }

  #numbers(kind: 'step' | 'scalars', record: Cursor): Measurement {
    const [wallTime, step] = [record.float64(), record.float64()];
    const scalars: Record<string, number> = {};
    for (let n = record.uint32(); n > 0; n--) scalars[this.#name(record.uint32())] = record.float32();
    const vectors: Record<string, number[]> = {};
    for (let n = record.uint32(); n > 0; n--) {
      const name = this.#name(record.uint32());
      const values = record.part(record.uint32() * 4);
      vectors[name] = [];
      while (values.left > 0) vectors[name].push(values.float32());
    }
    if (record.left > 0) throw new RangeError(`a telemetry record with ${record.left} bytes too many`);
    return { kind, wallTime, step, scalars, vectors };
  }

  #name(id: number): string {
    const name = this.#names.get(id);
    if (name === undefined) throw new RangeError(`a series without a name (${id})`);
    return name;
  }
}

/** Takes little-endian values one after the other; never past the end. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
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
  /** The next `length` bytes as a cursor of their own. */
  part(length: number): Cursor {
    const from = this.#advance(length);
    return new Cursor(this.#bytes.subarray(from, from + length));
  }
  /** All that is left, as UTF-8. */
  text(): string {
    const from = this.#advance(this.left);
    return Buffer.from(this.#bytes.subarray(from)).toString('utf8');
  }

  #advance(length: number): number {
    if (length > this.left) throw new RangeError('a telemetry record cut short');
    const from = this.#at;
    this.#at += length;
    return from;
  }
}
