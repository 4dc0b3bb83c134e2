// A test in one workspace: an editor of its own, a copy of a workspace, one window; all gone afterwards.
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { withEditor } from './editor.mjs';
import { vsix } from './extensions.mjs';
import { copyWorkspace, readSeries, runFolders } from './runs.mjs';
import { until } from './workbench.mjs';

/** The training has the machine to share with the tests. */
export const testSettings = { 'unroll.threads': 1, 'unroll.lowPriority': false };

/**
 * @param {string} name
 * @param {object} options
 * @param {string} [options.workspace] of test/vscode/workspaces
 * @param {{ width: number, height: number }} [options.size] of the window
 * @param {(folder: string) => unknown} [options.prepare] fills the workspace before it is opened
 * @param {(window: import('./workbench.mjs').Workbench, folder: string,
 *   editor: import('./editor.mjs').Editor) => Promise<void>} body
 */
export function testInWorkspace(name, options, body) {
  const { workspace = 'word-model', size = {}, prepare = () => {}, ...editorOptions } = options;
  test(name, async () => {
    const folder = copyWorkspace(workspace);
    try {
      await prepare(folder);
      await withEditor(name, { vsix: vsix(), settings: testSettings, ...editorOptions }, async (editor) =>
        body(await editor.open(folder, size), folder, editor),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** Starts the workspace's main.py with F5. @returns its run's folder, once it has recorded `steps` steps */
export async function train(window, folder, steps = 3) {
  const known = runFolders(folder);
  await window.openFile('main.py');
  await window.page.keyboard.press('F5');
  return until(`a run with ${steps} steps`, () =>
    runFolders(folder).find((run) => !known.includes(run) && losses(run).length >= steps),
  );
}

/** A run's training loss as it is on disk. */
export const losses = (run) => readSeries(run, 'loss/train');
