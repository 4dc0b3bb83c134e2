// Where an engine's socket and its own messages lie: a folder that only the user can enter.
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** @throws where a folder of that name belongs to somebody else */
export function privateFolder(): string {
  const uid = os.userInfo().uid;
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const base = runtime !== undefined && existsSync(runtime) ? runtime : os.tmpdir();
  const folder = path.join(base, `unroll-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid) throw new Error(`${folder} belongs to somebody else`);
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** The files of one engine. */
export interface EnginePlace {
  socket: string;
  /** What the process itself prints: a crash's last words. */
  log: string;
}

/** Names for a new engine, started by this process; clears away what dead processes have left. */
export function newEnginePlace(): EnginePlace {
  const folder = privateFolder();
  for (const name of readdirSync(folder)) {
    const owner = Number(/^(\d+)-/.exec(name)?.[1] ?? NaN);
    if (!isAlive(owner)) rmSync(path.join(folder, name), { force: true });
  }
  const stem = path.join(folder, `${process.pid}-${randomBytes(6).toString('hex')}`);
  return { socket: `${stem}.sock`, log: `${stem}.log` };
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
