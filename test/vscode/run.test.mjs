// F5 on a folder of one's own: the right script trains, whatever is in front and whoever else debugs Python.
import assert from 'node:assert/strict';
import path from 'node:path';
import { otherPythonDebugger } from './lib/extensions.mjs';
import { runFolders, runRecord } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';
import { losses, testInWorkspace, train } from './lib/workspace-test.mjs';

/** The script that trains, once it has made some steps. */
async function trainingScript(folder) {
  const run = await until('three steps', () => runFolders(folder).find((run) => losses(run).length >= 3));
  return path.relative(folder, runRecord(run).script);
}

testInWorkspace('F5 trains the script in front and shows its output', {}, async (window, folder) => {
  await train(window, folder);
  assert.equal(await trainingScript(folder), 'main.py');
  await until('its output', async () => (await window.terminalText()).includes('| end of epoch   1 |'));
});

for (const file of ['model.py', 'README.md']) {
  testInWorkspace(`F5 with ${file} in front, which trains nothing`, {}, async (window, folder) => {
    await window.openFile(file);
    await window.page.keyboard.press('F5');
    assert.equal(await trainingScript(folder), 'main.py');
  });
}

testInWorkspace(
  'another Python debugger beside it is one choice of two',
  { extensions: [otherPythonDebugger] },
  async (window, folder) => {
    await window.openFile('main.py');
    await window.page.keyboard.press('F5');
    await window.pick('Unroll');
    assert.equal(await trainingScript(folder), 'main.py');
  },
);
