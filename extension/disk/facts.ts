// What a run's folder says, without opening its log.
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../runtime/private-folder.ts';
import { listRuns, readRunRecord, type RunRecord } from '../../runtime/store/run-folder.ts';

export interface RunFacts {
  /** The run folder's absolute path. */
  id: string;
  /** Null where `problem` says why it cannot be read. */
  record: RunRecord | null;
  problem: string | null;
  /** Of everything in the folder. */
  bytes: number;
  /** Whether its engine is there. */
  goesOn: boolean;
}

/** The runs in several folders of runs, oldest first in each. */
export async function listFacts(folders: readonly string[]): Promise<RunFacts[]> {
  const runs = folders.flatMap((folder) => listRuns(folder));
  return Promise.all(runs.map(readFacts));
}

async function readFacts(id: string): Promise<RunFacts> {
  const bytes = await folderBytes(id);
  try {
    const record = readRunRecord(id);
    const { engine, ended } = record;
    // Records of versions before this one name no engine.
    const goesOn = ended === null && engine != null && isAlive(engine.pid) && existsSync(engine.socket);
    return { id, record, problem: null, bytes, goesOn };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { id, record: null, problem, bytes, goesOn: false };
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    try {
      const entry = await stat(path.join(folder, name));
      if (entry.isFile()) bytes += entry.size;
    } catch (error) {
      // The engine replaces its files while they are counted.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return bytes;
}
