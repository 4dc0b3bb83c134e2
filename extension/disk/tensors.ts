// The tensors in runs' folders, kept open while nothing of them changes there.
import { statSync } from 'node:fs';
import path from 'node:path';
import { modelName } from '../../runtime/store/model-file.ts';
import { snapshotName } from '../../runtime/store/run-folder.ts';
import { RunTensors } from '../../runtime/store/run-tensors.ts';

/** Folders that are kept open, the longest unused let go of first. */
const maxOpen = 4;

export class TensorFolders {
  readonly #open = new Map<string, { stamp: string; tensors: RunTensors }>();

  /** @throws where a file is there and is not what it should be */
  of(run: string): RunTensors {
    const stamp = [snapshotName, modelName].map((name) => stampOf(path.join(run, name))).join();
    const known = this.#open.get(run);
    if (known?.stamp !== stamp) this.forget(run);
    const entry = known?.stamp === stamp ? known : { stamp, tensors: new RunTensors(run) };
    this.#open.delete(run);
    this.#open.set(run, entry);
    for (const [oldest] of this.#open) {
      if (this.#open.size <= maxOpen) break;
      this.forget(oldest);
    }
    return entry.tensors;
  }

  forget(run: string): void {
    this.#open.get(run)?.tensors.close();
    this.#open.delete(run);
  }
}

/** Another whenever the file is another; empty where there is none. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino}/${found.size}/${found.mtimeMs}` : '';
}
