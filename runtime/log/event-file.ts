// The run log: a TensorBoard event file. Each record is
//   uint64 length, uint32 masked CRC-32C of these 8 bytes, data, uint32 masked CRC-32C of the data
// little-endian. It is only ever appended to; readers stop at the last whole record.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../protocol/engine.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import { maskedCrc32c } from './crc32c.ts';
import { decodeEvent, type LoggedEvent, writeMeasurement, writeVersion } from './event-message.ts';
import { MessageWriter } from './protobuf.ts';

const headBytes = 12;
const footBytes = 4;

/** Appends measurements to a new event file. */
export class EventFileWriter {
  readonly path: string;
  /** Bytes written so far. */
  size = 0;
  readonly #fd: number;
  readonly #bytes = new GrowingBytes();
  readonly #message = new MessageWriter(this.#bytes);

  /** @throws where the file cannot be made */
  constructor(folder: string, startSeconds: number) {
    const name = `events.out.tfevents.${Math.floor(startSeconds)}.${hostname()}.${process.pid}.0`;
    this.path = path.join(folder, name);
    this.#fd = openSync(this.path, 'wx', 0o644);
    const start = this.#bytes.extend(headBytes);
    writeVersion(this.#message, startSeconds);
    this.#end(start);
    this.#flush();
  }

  /** Returns when the operating system has all of it. @throws where the disk is full or gone */
  append(measurements: readonly Measurement[]): void {
    for (const measurement of measurements) {
      const start = this.#bytes.extend(headBytes);
      writeMeasurement(this.#message, measurement);
      this.#end(start);
    }
    this.#flush();
  }

  /** Waits for the disk itself, then closes. */
  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }

  /** Ends the record that begins at `start`: fills in its head and appends its foot. */
  #end(start: number): void {
    const end = this.#bytes.extend(footBytes);
    const { buffer } = this.#bytes;
    const length = end - start - headBytes;
    buffer.writeUInt32LE(length, start);
    buffer.writeUInt32LE(0, start + 4);
    buffer.writeUInt32LE(maskedCrc32c(buffer, start, start + 8), start + 8);
    buffer.writeUInt32LE(maskedCrc32c(buffer, start + headBytes, end), end);
  }

  #flush(): void {
    const { length } = this.#bytes;
    try {
      this.#bytes.flushTo(this.#fd);
    } catch (error) {
      ftruncateSync(this.#fd, this.size); // whole records only
      throw error;
    }
    this.size += length;
  }
}

/** What an event file holds. */
export interface EventLog {
  events: LoggedEvent[];
  /** Bytes up to the end of the last whole record. */
  end: number;
  /** Bytes after it: a record not finished yet, or never. */
  torn: number;
  /** Whole records whose checksum or content is wrong; they are left out. */
  damaged: number;
}

/** All of it at once. @throws where the file cannot be read; never for what is in it */
export function readEventFile(file: string): EventLog {
  const reader = new EventFileReader(file);
  try {
    const events: LoggedEvent[] = [];
    reader.read((event) => events.push(event));
    return { events, end: reader.end, torn: reader.torn, damaged: reader.damaged };
  } finally {
    reader.close();
  }
}

/** How much is read at a time, but for a longer record. */
const pieceBytes = 1 << 22;

/** Goes through an event file, and on as it grows. */
export class EventFileReader {
  /** Bytes up to the end of the last whole record that has been read. */
  end: number;
  /** Whole records so far whose checksum or content is wrong. */
  damaged = 0;
  readonly #fd: number;
  #size = 0;
  #piece: Buffer = Buffer.alloc(0);

  /** @param from where a record starts. @throws where the file cannot be read */
  constructor(file: string, from = 0) {
    this.#fd = openSync(file, 'r');
    this.end = from;
  }

  /** The file's bytes; as of the last `read` or `measure`. */
  get size(): number {
    return this.#size;
  }

  /** Bytes after the last whole record. */
  get torn(): number {
    return Math.max(0, this.#size - this.end);
  }

  /** Looks at the file's size anew; returns whether it has changed. */
  measure(): boolean {
    const { size } = fstatSync(this.#fd);
    const hasChanged = size !== this.#size;
    this.#size = size;
    return hasChanged;
  }

  /** Every whole record that has not been read, with where it ends. @throws where the file cannot be read */
  read(onEvent: (event: LoggedEvent, end: number) => void): void {
    this.measure();
    let wanted = pieceBytes;
    while (this.torn >= headBytes + footBytes) {
      const asked = Math.min(wanted, this.torn);
      const bytes = this.#take(asked);
      const [taken, missing] = this.#records(bytes, onEvent);
      this.end += taken;
      if (bytes.length < asked) return; // the file has become shorter
      if (taken === 0) {
        if (missing === 0 || missing > this.torn) return;
        wanted = missing;
      } else wanted = pieceBytes;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #take(length: number): Buffer {
    if (this.#piece.length < length) this.#piece = Buffer.allocUnsafe(length);
    let got = 0;
    while (got < length) {
      const n = readSync(this.#fd, this.#piece, got, length - got, this.end + got);
      if (n === 0) break;
      got += n;
    }
    return this.#piece.subarray(0, got);
  }

  /** Returns the bytes of whole records, and how many the first that is not whole has (0: nothing to go on by). */
  #records(
    bytes: Buffer,
    onEvent: (event: LoggedEvent, end: number) => void,
  ): [taken: number, missing: number] {
    for (let at = 0; ;) {
      if (bytes.length - at < headBytes + footBytes) return [at, headBytes + footBytes];
      // A wrong length leaves nothing to go on by: everything from here counts as torn.
      if (bytes.readUInt32LE(at + 8) !== maskedCrc32c(bytes, at, at + 8)) return [at, 0];
      const length = headBytes + Number(bytes.readBigUInt64LE(at)) + footBytes;
      if (length > bytes.length - at) return [at, length];
      const data = bytes.subarray(at + headBytes, at + length - footBytes);
      at += length;
      const event = bytes.readUInt32LE(at - footBytes) === maskedCrc32c(data) ? tryDecode(data) : null;
      if (event) onEvent(event, this.end + at);
      else this.damaged++;
    }
  }
}

function tryDecode(data: Uint8Array): LoggedEvent | null {
  try {
    return decodeEvent(data);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
