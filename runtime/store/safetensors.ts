// Reads safetensors files: uint64 length of the header, the header (JSON), the tensors' bytes. Everything the header
// says is checked before anything is read by it.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { elementKinds } from './elements.ts';

/** The format's own bound. */
const maxHeaderBytes = 100_000_000;

export interface TensorEntry {
  name: string;
  dtype: string;
  shape: number[];
  /** Bytes from the start of the file. */
  begin: number;
  end: number;
}

export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

/** An open file; tensors are read when asked for. */
export class SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The header's free key-value pairs. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly #fd: number;

  /** @throws SafetensorsError where the file is not what it says */
  constructor(file: string) {
    this.#fd = openSync(file, 'r');
    try {
      const size = fstatSync(this.#fd).size;
      const length = Number(Buffer.from(readExactly(this.#fd, 0, 8)).readBigUInt64LE(0));
      if (length > maxHeaderBytes || 8 + length > size) throw new SafetensorsError('the header is too long');
      const text = Buffer.from(readExactly(this.#fd, 8, length)).toString('utf8');
      const { tensors, metadata } = parseHeader(text, 8 + length, size);
      this.tensors = tensors;
      this.metadata = metadata;
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** The tensor's bytes, in a buffer of their own. */
  read(entry: TensorEntry): ArrayBuffer {
    return readExactly(this.#fd, entry.begin, entry.end - entry.begin);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function parseHeader(text: string, dataStart: number, fileSize: number) {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new SafetensorsError('the header is not JSON');
  }
  if (!isObject(header)) throw new SafetensorsError('the header is not an object');
  const tensors = new Map<string, TensorEntry>();
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      if (!isObject(value)) throw new SafetensorsError('the metadata is not an object');
      for (const [key, word] of Object.entries(value)) metadata[key] = String(word);
    } else tensors.set(name, parseEntry(name, value, dataStart));
  }
  // The tensors must cover the data exactly, one after the other: nothing hidden, nothing shared.
  let at = dataStart;
  for (const { name, begin, end } of [...tensors.values()].sort(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== at) throw new SafetensorsError(`${name} does not start where the tensor before it ends`);
    at = end;
  }
  if (at !== fileSize) throw new SafetensorsError('the tensors do not end where the file does');
  return { tensors, metadata };
}

function parseEntry(name: string, value: unknown, dataStart: number): TensorEntry {
  const wrong = (what: string) => new SafetensorsError(`${name}: ${what}`);
  if (!isObject(value)) throw wrong('not an object');
  const { dtype, shape, data_offsets: offsets } = value;
  const kind =
    typeof dtype === 'string' && Object.hasOwn(elementKinds, dtype) ? elementKinds[dtype] : undefined;
  if (typeof dtype !== 'string' || kind === undefined) throw wrong(`unknown dtype ${String(dtype)}`);
  if (!isCounts(shape)) throw wrong('a wrong shape');
  if (!isCounts(offsets) || offsets.length !== 2) throw wrong('wrong offsets');
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, n) => product * n, kind.bytes);
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) throw wrong('offsets that do not fit its shape');
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function readExactly(fd: number, at: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let got = 0; got < length;) {
    const n = readSync(fd, bytes, got, length - got, at + got);
    if (n === 0) throw new SafetensorsError('the file ends too early');
    got += n;
  }
  return bytes.buffer;
}
