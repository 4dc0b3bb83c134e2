// What a run's folder says, without opening its log.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { listRuns, readRunRecord, type RunRecord } from '../../runtime/store/run-folder.ts';

export interface RunFacts {
  /** The run folder's absolute path. */
  id: string;
  /** Null where `problem` says why it cannot be read. */
  record: RunRecord | null;
  problem: string | null;
  /** Of everything in the folder. */
  bytes: number;
}

/** The runs in several folders of runs, oldest first in each. */
export async function listFacts(folders: readonly string[]): Promise<RunFacts[]> {
  const runs = folders.flatMap((folder) => listRuns(folder));
  return Promise.all(runs.map(readFacts));
}

async function readFacts(id: string): Promise<RunFacts> {
  const bytes = await folderBytes(id);
  try {
    return { id, record: readRunRecord(id), problem: null, bytes };
  } catch (error) {
    return { id, record: null, problem: error instanceof Error ? error.message : String(error), bytes };
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
