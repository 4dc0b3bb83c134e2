// Runs one command with its output captured, and leaves nothing running behind.
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const running = new Set();
process.on('exit', () => {
  for (const child of running) killGroup(child);
});
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.on(signal, () => process.exit(128 + number));
}

/** What the commands started within `within` have in common: a signal that ends them. */
const limit = new AsyncLocalStorage();

/** Runs `work`; the commands that it has started are ended, as failures, when it takes longer than `minutes`. */
export async function within(minutes, work) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(`not done within ${minutes} minutes`), minutes * 60_000);
  try {
    return await limit.run(controller.signal, work);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a command with all that it has started: each has a process group of its own. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it has ended by itself
  }
}

/** A command that could not be started or ended with another code than 0; `output` is all it printed. */
export class CommandError extends Error {
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

/**
 * Runs `program` with `args`, without standard input.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, onLine?: (line: string) => void }} [options] `cwd`
 *   is the checkout's top folder where left out; `env` is added to this process's environment; `onLine`
 *   sees each line as it comes
 * @returns {Promise<string>} standard output and standard error together
 * @throws {CommandError} where the program is missing, fails or is killed
 */
export function command(program, args, { cwd = root, env = {}, onLine = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const shown = [path.basename(program), ...args].join(' ');
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid) running.add(child);
    const chunks = [];
    let rest = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        chunks.push(chunk);
        const lines = (rest + chunk.toString('utf8')).split(/\r?\n/);
        rest = lines.pop();
        for (const line of lines) if (line.trim()) onLine(line);
      });
    }
    const output = () => Buffer.concat(chunks).toString('utf8');
    const tooLong = limit.getStore();
    const end = () => killGroup(child);
    tooLong?.addEventListener('abort', end);
    child.on('error', (error) => {
      running.delete(child);
      reject(new CommandError(`${shown}: ${error.message}`, output()));
    });
    // What it has left running would hold its streams open, and this process with them.
    child.on('exit', end);
    child.on('close', (code, signal) => {
      running.delete(child);
      tooLong?.removeEventListener('abort', end);
      const why = tooLong?.aborted ? tooLong.reason : (signal ?? `exit code ${code}`);
      if (code === 0) resolve(output());
      else reject(new CommandError(`${shown}: ${why}`, output()));
    });
  });
}

/** Runs a JavaScript file of the checkout (`file` relative to its top) under this Node. */
export function node(file, args, options) {
  return command(process.execPath, [path.join(root, file), ...args], options);
}
