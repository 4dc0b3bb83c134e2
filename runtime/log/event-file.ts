// The run log: a TensorBoard event file. Each record is
//   uint64 length, uint32 masked CRC-32C of these 8 bytes, data, uint32 masked CRC-32C of the data
// little-endian. It is only ever appended to; readers stop at the last whole record.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../protocol/engine.ts';
import { maskedCrc32c } from './crc32c.ts';
import { decodeEvent, encodeMeasurement, encodeVersion, type LoggedEvent } from './event-message.ts';

const headBytes = 12;
const footBytes = 4;

/** Appends measurements to a new event file. */
export class EventFileWriter {
  readonly path: string;
  readonly #fd: number;

  /** @throws where the file cannot be made */
  constructor(folder: string, startSeconds: number) {
    const name = `events.out.tfevents.${Math.floor(startSeconds)}.${hostname()}.${process.pid}.0`;
    this.path = path.join(folder, name);
    this.#fd = openSync(this.path, 'wx', 0o644);
    this.#write([encodeRecord(encodeVersion(startSeconds))]);
  }

  /** Returns when the operating system has all of it. @throws where the disk is full or gone */
  append(measurements: readonly Measurement[]): void {
    this.#write(measurements.map((measurement) => encodeRecord(encodeMeasurement(measurement))));
  }

  /** Waits for the disk itself, then closes. */
  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }

  #write(records: Uint8Array[]): void {
    const bytes = Buffer.concat(records);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
  }
}

export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(headBytes + data.length + footBytes);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, headBytes);
  record.writeUInt32LE(maskedCrc32c(data), headBytes + data.length);
  return record;
}

/** What an event file holds. */
export interface RunLog {
  events: LoggedEvent[];
  /** Bytes up to the end of the last whole record. */
  end: number;
  /** Bytes after it: a record not finished yet, or never. */
  torn: number;
  /** Whole records whose checksum or content is wrong; they are left out. */
  damaged: number;
}

/** @throws where the file cannot be read; never for what is in it */
export function readEventFile(file: string): RunLog {
  return readEvents(readFileSync(file));
}

export function readEvents(bytes: Buffer): RunLog {
  const log: RunLog = { events: [], end: 0, torn: 0, damaged: 0 };
  for (let at = 0; ; at = log.end) {
    if (bytes.length - at < headBytes + footBytes) break;
    // A wrong length leaves nothing to go on by: everything from here counts as torn.
    if (bytes.readUInt32LE(at + 8) !== maskedCrc32c(bytes.subarray(at, at + 8))) break;
    const length = Number(bytes.readBigUInt64LE(at));
    if (length > bytes.length - at - headBytes - footBytes) break;
    const data = bytes.subarray(at + headBytes, at + headBytes + length);
    log.end = at + headBytes + length + footBytes;
    const event = bytes.readUInt32LE(log.end - footBytes) === maskedCrc32c(data) ? tryDecode(data) : null;
    if (event) log.events.push(event);
    else log.damaged++;
  }
  log.torn = bytes.length - log.end;
  return log;
}

function tryDecode(data: Uint8Array): LoggedEvent | null {
  try {
    return decodeEvent(data);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
