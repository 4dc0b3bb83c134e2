// Workspaces to open, and what a run has left on disk, read without any of the product's own code.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy of test/vscode/workspaces/`name` in a folder of its own, which the caller removes. */
export function copyWorkspace(name) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'unroll-workspace-')));
  cpSync(fileURLToPath(new URL(`../workspaces/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/** The run folders under a workspace, oldest first. */
export function runFolders(workspace) {
  const runs = path.join(workspace, '.unroll/runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .sort()
    .map((name) => path.join(runs, name))
    .filter((folder) => existsSync(path.join(folder, 'run.json')));
}

/** What a run's run.json says. */
export function runRecord(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'));
}

/**
 * The events in a run's event file, up to its last whole record.
 *
 * @returns {{ step: number, time: number, scalars: Map<string, number>, vectors: Map<string, Float32Array>, tags: string[] }[]}
 */
export function readEvents(folder) {
  const name = readdirSync(folder).find((file) => file.startsWith('events.out.tfevents.'));
  if (!name) return [];
  const bytes = readFileSync(path.join(folder, name));
  const events = [];
  const [head, foot] = [12, 4];
  for (let at = 0; at + head + foot <= bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    if (at + head + length + foot > bytes.length) break;
    events.push(readEvent(bytes.subarray(at + head, at + head + length)));
    at += head + length + foot;
  }
  return events;
}

/** A scalar series of a run: its steps and its values, in order. */
export function readSeries(folder, tag) {
  return readEvents(folder)
    .filter(({ scalars }) => scalars.has(tag))
    .map(({ step, scalars }) => ({ step, value: scalars.get(tag) }));
}

function readEvent(message) {
  const event = { step: 0, time: 0, scalars: new Map(), vectors: new Map(), tags: [] };
  for (const { id, value } of fields(message)) {
    if (id === 1) event.time = value.readDoubleLE();
    if (id === 2) event.step = value;
    if (id !== 5) continue;
    for (const { id: part, value: summary } of fields(value)) if (part === 1) readValue(summary, event);
  }
  return event;
}

function readValue(message, event) {
  const found = new Map(fields(message).map(({ id, value }) => [id, value]));
  const tag = found.get(1).toString('utf8');
  event.tags.push(tag);
  if (found.has(2)) event.scalars.set(tag, found.get(2).readFloatLE());
  if (found.has(8)) {
    const content = fields(found.get(8)).find(({ id }) => id === 4)?.value;
    if (content) event.vectors.set(tag, new Float32Array(new Uint8Array(content).buffer));
  }
}

/** The fields of a protocol buffer: varints as numbers, everything else as its bytes. */
function fields(bytes) {
  const found = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const take = (length) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = varint();
    const read = { 0: varint, 1: () => take(8), 2: () => take(varint()), 5: () => take(4) }[key & 7];
    if (!read) throw new Error(`wire type ${key & 7}`);
    found.push({ id: key >> 3, value: read() });
  }
  return found;
}
