// A run's folder: run.json, the event file, snapshot.safetensors.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { RunEnd, RunRequest } from '../../protocol/engine.ts';
import { writeFileAtomically } from './atomic.ts';

export const snapshotName = 'snapshot.safetensors';
const recordName = 'run.json';
const eventFilePattern = /^events\.out\.tfevents\.\d+\./;

/** What run.json says. Times are ISO 8601 in UTC. */
export interface RunRecord {
  format: 1;
  script: string;
  arguments: string[];
  cwd: string;
  device: string;
  threads: number;
  /** Of the generator, in decimal (it has 64 bits), where the script set one. */
  seed: string | null;
  /** The commit checked out where the script lies. */
  gitCommit: string | null;
  versions: { unroll: string; pyodide: string; node: string };
  started: string;
  /** The process that trains, and where a host finds it; null once the run is over. */
  engine: { pid: number; socket: string } | null;
  /** The rest is null while the run goes on, or where its process was killed. */
  ended: string | null;
  exitCode: number | null;
  /** The signal that stopped the run, where one did. */
  signal: string | null;
  error: RunEnd['error'];
  steps: number | null;
}

/** Where a script's runs go unless told otherwise. */
export function runsFolder(cwd: string): string {
  return path.join(cwd, '.unroll', 'runs');
}

/** "20261123-225832-train" of /home/me/train.py, in local time. */
export function runName(script: string, started: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${started.getFullYear()}${two(started.getMonth() + 1)}${two(started.getDate())}`;
  const time = `${two(started.getHours())}${two(started.getMinutes())}${two(started.getSeconds())}`;
  const stem = path.basename(script, path.extname(script)).replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${date}-${time}-${stem || 'script'}`;
}

/** Makes the folder of a new run; "-2", "-3" follow where a run of that name is there. @throws where it cannot */
export function createRunFolder(request: RunRequest, started: Date): string {
  try {
    return request.folder === null
      ? createNamed(runsFolder(request.cwd), runName(request.script, started))
      : createGiven(path.resolve(request.cwd, request.folder));
  } catch (error) {
    throw new Error(`the run's folder cannot be made: ${(error as Error).message}`, { cause: error });
  }
}

function createNamed(runs: string, name: string): string {
  makeFolders(runs);
  for (let n = 1; ; n++) {
    const folder = path.join(runs, n === 1 ? name : `${name}-${n}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function createGiven(folder: string): string {
  makeFolders(folder);
  const there = readdirSync(folder).find((name) => name === recordName || eventFilePattern.test(name));
  if (there !== undefined) throw new Error(`${folder} holds a run already (${there})`);
  accessSync(folder, constants.W_OK);
  return folder;
}

/** Makes a folder and those above it. (Node's own `recursive` never returns where the kernel refuses, as in /proc.) */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolders(above);
  mkdirSync(folder);
}

export function writeRunRecord(folder: string, record: RunRecord): void {
  writeFileAtomically(path.join(folder, recordName), `${JSON.stringify(record, null, 2)}\n`);
}

/** @throws where there is none or it is not one of ours */
export function readRunRecord(folder: string): RunRecord {
  const file = path.join(folder, recordName);
  const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunRecord> | null;
  if (record?.format !== 1 || typeof record.script !== 'string' || typeof record.started !== 'string') {
    throw new Error(`${file} is not a run's record that this version can read`);
  }
  return { engine: null, ...record } as RunRecord;
}

/** The run's event file, or null. */
export function findEventFile(folder: string): string | null {
  const name = readdirSync(folder)
    .filter((entry) => eventFilePattern.test(entry))
    .sort()
    .at(-1);
  return name === undefined ? null : path.join(folder, name);
}

/** The run folders in a folder of runs, oldest first. */
export function listRuns(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((entry) => statSync(entry).isDirectory() && existsSync(path.join(entry, recordName)))
    .sort();
}

/**
 * The commit that is checked out in the repository around `folder`, by reading its files; null where there is none.
 * Follows a worktree's or submodule's pointer file, and looks for packed references.
 */
export function gitCommit(folder: string): string | null {
  try {
    for (let at = realpathSync(folder); ; at = path.dirname(at)) {
      const dotGit = path.join(at, '.git');
      if (existsSync(dotGit)) return headCommit(dotGit);
      if (at === path.dirname(at)) return null;
    }
  } catch {
    return null; // a repository that cannot be read is as good as none
  }
}

function headCommit(dotGit: string): string | null {
  let gitFolder = dotGit;
  if (statSync(dotGit).isFile()) {
    const pointer = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1];
    if (pointer === undefined) return null;
    gitFolder = path.resolve(path.dirname(dotGit), pointer);
  }
  const head = readFileSync(path.join(gitFolder, 'HEAD'), 'utf8').trim();
  const reference = /^ref: (.+)$/.exec(head)?.[1];
  if (reference === undefined) return head;
  const commonFile = path.join(gitFolder, 'commondir');
  const common = existsSync(commonFile)
    ? path.resolve(gitFolder, readFileSync(commonFile, 'utf8').trim())
    : gitFolder;
  const loose = path.join(common, reference);
  if (existsSync(loose)) return readFileSync(loose, 'utf8').trim();
  const packed = readFileSync(path.join(common, 'packed-refs'), 'utf8');
  return (
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${reference}`))
      ?.split(' ')[0] ?? null
  );
}
