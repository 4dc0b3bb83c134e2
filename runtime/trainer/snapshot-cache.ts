// Keeps the interpreter's memory snapshot in the user's cache folder, under a key of all that went into it. A copy that
// is missing, of another version or damaged is made anew; one that cannot be kept is used all the same.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { writeFileAtomically } from '../store/atomic.ts';

const namePattern = /^python-[0-9a-f]+\.snapshot$/;
/** Bytes at the end of the file: the CRC-32 of the rest. */
const footBytes = 4;

/** A key over texts and the Python sources in a folder. */
export function fingerprint(parts: readonly string[], folder: string): string {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.py')) hash.update(`\0${name}\0`).update(readFileSync(path.join(folder, name)));
  }
  return hash.digest('hex').slice(0, 24);
}

/** The snapshot under `key`, made where it is not there. */
export async function cachedSnapshot(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const folder = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'unroll');
  const file = path.join(folder, `python-${key}.snapshot`);
  const cached = read(file);
  if (cached) return cached;
  const made = await make();
  try {
    keep(file, made);
  } catch {
    // A home that is read-only or full costs the next start its speed, and nothing else.
  }
  return made;
}

function read(file: string): Uint8Array | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  if (bytes.length < footBytes) return null;
  const content = bytes.subarray(0, bytes.length - footBytes);
  return crc32(content) === bytes.readUInt32LE(content.length) ? content : null;
}

function keep(file: string, content: Uint8Array): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const foot = Buffer.alloc(footBytes);
  foot.writeUInt32LE(crc32(content));
  writeFileAtomically(file, Buffer.concat([content, foot]));
  for (const name of readdirSync(folder)) {
    if (namePattern.test(name) && name !== path.basename(file))
      rmSync(path.join(folder, name), { force: true });
  }
}
