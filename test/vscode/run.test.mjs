// F5 on a folder of one's own: the right script trains, whatever is in front and whoever else debugs Python.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withEditor } from './lib/editor.mjs';
import { otherPythonDebugger, vsix } from './lib/extensions.mjs';
import { copyWorkspace, readSeries, runFolders, runRecord } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';

/** Opens a copy of a workspace with an editor of its own. */
function inWorkspace(name, options, body) {
  return test(name, () =>
    withEditor(name, { vsix: vsix(), ...options }, async (editor) => {
      const folder = copyWorkspace('word-model');
      try {
        await body(await editor.open(folder), folder, editor);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  );
}

/** The run that has begun, once it has recorded some steps. */
function trainingRun(folder) {
  return until('a run with three steps', () =>
    runFolders(folder).find((run) => readSeries(run, 'loss/train').length >= 3),
  );
}

inWorkspace('F5 trains the script in front and shows its output', {}, async (window, folder) => {
  await window.openFile('main.py');
  await window.page.keyboard.press('F5');
  const run = await trainingRun(folder);
  assert.equal(runRecord(run).script, path.join(folder, 'main.py'));
  await until('its output', async () => (await window.terminalText()).includes('| end of epoch   1 |'));
});

inWorkspace('F5 with a module in front that trains nothing trains the script', {}, async (window, folder) => {
  await window.openFile('model.py');
  await window.page.keyboard.press('F5');
  assert.equal(runRecord(await trainingRun(folder)).script, path.join(folder, 'main.py'));
});

inWorkspace('F5 with a text in front trains the script', {}, async (window, folder) => {
  await window.openFile('README.md');
  await window.page.keyboard.press('F5');
  assert.equal(runRecord(await trainingRun(folder)).script, path.join(folder, 'main.py'));
});

inWorkspace(
  'another Python debugger beside it is one choice of two',
  { extensions: [otherPythonDebugger] },
  async (window, folder) => {
    await window.openFile('main.py');
    await window.page.keyboard.press('F5');
    await window.pick('Unroll');
    assert.equal(runRecord(await trainingRun(folder)).script, path.join(folder, 'main.py'));
  },
);
