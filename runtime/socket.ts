// The protocol's transport over a local socket. A frame is
//   uint32 bytes after this field, uint32 bytes of JSON, JSON in UTF-8, the attachments' bytes
// little-endian. Within a message a Uint8Array travels as an attachment, in JSON {"$bytes": [offset, length]}, and a
// number that JSON lacks as {"$number": "NaN"}.
import type { Socket } from 'node:net';
import { ProtocolError, type Transport } from '../protocol/rpc.ts';

const headBytes = 8;
/** A frame past this is taken for nonsense. */
const maxFrameBytes = 1 << 28;

export class SocketTransport implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    let failure: Error | undefined;
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      this.#end(failure);
    });
  }

  send(message: unknown): void {
    if (!this.#socket.writable) return;
    this.#socket.cork(); // one write
    for (const part of encodeFrame(message)) this.#socket.write(part);
    this.#socket.uncork();
  }

  /** Settles when everything sent so far is with the operating system. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#socket.writable) resolve();
      else
        this.#socket.write(new Uint8Array(0), () => {
          resolve();
        });
    });
  }

  /** Stops and resumes reading: the other side's writes wait meanwhile. */
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }

  /** Bytes sent that the other side has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  close(): void {
    this.#socket.end();
  }

  /** Closes without waiting for the other side to take what was sent. */
  abort(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length ? Buffer.concat([this.#received, chunk]) : chunk;
    try {
      while (!this.#ended && this.#received.length >= headBytes) {
        const length = this.#received.readUInt32LE(0);
        if (length > maxFrameBytes) throw new ProtocolError(`a frame of ${length} bytes`);
        if (this.#received.length < 4 + length) return;
        const message = decodeFrame(this.#received.subarray(4, 4 + length));
        this.#received = this.#received.subarray(4 + length);
        this.onMessage(message);
      }
    } catch (error) {
      this.#socket.destroy();
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onClose(error);
  }
}

/**
 * The frame's pieces, in order. Text stays text: the socket makes bytes of it that go when they have been taken, not
 * when somebody collects them.
 */
export function encodeFrame(message: unknown): (Uint8Array | string)[] {
  const attachments: Uint8Array[] = [];
  let offset = 0;
  const json = JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    const bytes = this[key]; // not `value`: a Buffer has been turned into text there
    if (!(bytes instanceof Uint8Array)) return value;
    const place = { $bytes: [offset, bytes.length] };
    attachments.push(bytes);
    offset += bytes.length;
    return place;
  });
  const jsonBytes = Buffer.byteLength(json);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(4 + jsonBytes + offset, 0);
  head.writeUInt32LE(jsonBytes, 4);
  return [head, json, ...attachments];
}

/** The message in a frame, whose first field has been taken off. @throws ProtocolError */
export function decodeFrame(frame: Buffer): unknown {
  const jsonLength = frame.length < 4 ? Infinity : frame.readUInt32LE(0);
  if (4 + jsonLength > frame.length) throw new ProtocolError('a frame shorter than its text');
  const attachments = frame.subarray(4 + jsonLength);
  const text = frame.subarray(4, 4 + jsonLength).toString('utf8');
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      if ('$number' in value) return Number(value.$number);
      if (!('$bytes' in value)) return value;
      const place = bytesPlace(value.$bytes);
      const [offset, length] = place;
      if (offset + length > attachments.length) throw new RangeError('bytes that did not come');
      // A copy of its own: it must outlive the receive buffer.
      return Uint8Array.from(attachments.subarray(offset, offset + length));
    });
  } catch (error) {
    throw new ProtocolError(`a frame that cannot be read: ${(error as Error).message}`);
  }
}

function bytesPlace(place: unknown): [offset: number, length: number] {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (Array.isArray(place) && place.length === 2) {
    const [offset, length] = place as unknown[];
    if (isCount(offset) && isCount(length)) return [offset, length];
  }
  throw new RangeError('a wrong place of bytes');
}
