// Where an engine's socket and its own messages lie: a folder that only the user can enter.
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
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

/** The files of one engine: `<its process>-<random>` with an ending each. */
export interface EnginePlace {
  pid: number;
  socket: string;
  /** What the process itself prints: a crash's last words. */
  log: string;
}

/** The files of an engine that is about to start: the stem that it is told, and where it will print. */
export interface NewPlace {
  stem: string;
  log: string;
}

/** Names for a new engine; clears away what dead processes have left. */
export function newEnginePlace(): NewPlace {
  const folder = privateFolder();
  for (const name of readdirSync(folder)) {
    const owner = Number(/^(\d+)-/.exec(name)?.[1] ?? NaN);
    if (!isAlive(owner)) rmSync(path.join(folder, name), { force: true });
  }
  const random = randomBytes(6).toString('hex');
  return { stem: path.join(folder, random), log: path.join(folder, `${process.pid}-${random}.log`) };
}

/** The place of the engine with that process number. */
export function enginePlace(stem: string, pid: number): EnginePlace {
  const file = path.join(path.dirname(stem), `${pid}-${path.basename(stem)}`);
  return { pid, socket: `${file}.sock`, log: `${file}.log` };
}

/** Gives the log to the engine that has been started: it may outlive this process, whose number it bears. */
export function handOver(place: NewPlace, pid: number): EnginePlace {
  const theirs = enginePlace(place.stem, pid);
  renameSync(place.log, theirs.log);
  return theirs;
}

/** @throws where no engine listens at a path of that form: it may come from a file that somebody else has written */
export function placeOfSocket(socket: string): EnginePlace {
  const [, pid = '', random = ''] = /^(\d+)-([0-9a-f]+)\.sock$/.exec(path.basename(socket)) ?? [];
  if (random === '' || !isPrivate(path.dirname(socket))) throw new Error(`${socket} is no engine's socket`);
  return enginePlace(path.join(path.dirname(socket), random), Number(pid));
}

/** Whether only this user can have put something there. */
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === os.userInfo().uid && (stat.mode & 0o077) === 0;
}

export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
