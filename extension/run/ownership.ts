// Which window drives a run: the one whose process number stands in a file beside the engine's socket. Others watch. A
// window that is gone drives nothing, so the next that comes takes its place.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { isAlive } from '../../runtime/private-folder.ts';

const fileOf = (socket: string) => `${socket}.host`;

/** Makes this window the driver where no other is; returns whether it is now. */
export function claim(socket: string): boolean {
  try {
    writeFileSync(fileOf(socket), String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isMine(socket)) return true;
  if (isAlive(driver(socket))) return false;
  take(socket);
  return true;
}

/** Makes this window the driver, whoever was before. */
export function take(socket: string): void {
  writeFileSync(fileOf(socket), String(process.pid), { mode: 0o600 });
}

/** Whether this window drives the run. */
export function isMine(socket: string): boolean {
  return driver(socket) === process.pid;
}

function driver(socket: string): number {
  try {
    return Number(readFileSync(fileOf(socket), 'utf8'));
  } catch {
    return NaN; // nobody
  }
}
