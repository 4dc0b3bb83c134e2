// Names that come from elsewhere (of tensors, modules, files, runs, arguments) are text, wherever they are shown.
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Panel, Training } from './lib/panel.mjs';
import { runFolders, runRecord } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';
import { testInWorkspace } from './lib/workspace-test.mjs';

const script = `<img src=x onerror=window.top.wasRun=1> $(squirrel) [a](command:b) "'&amp; \u202e.py`;
const argument = `'<svg onload=window.top.wasRun=1> $(squirrel) [a link](command:x)'`;
const runName = `<img src=x onerror=window.top.wasRun=1> $(squirrel) **bold** [a link](command:x)`;

/** Nothing of a name has become an element or has run, in any page or in the workbench. */
async function assertOnlyText(window) {
  for (const frame of window.page.frames()) {
    assert.equal(await frame.evaluate('globalThis.wasRun'), undefined);
    const found = await frame.evaluate(() => {
      const elements = (selector) => [...document.querySelectorAll(selector)];
      const made = elements('[onerror], [onload], [srcdoc], [src="x"], .codicon-squirrel');
      const texts = elements('script, style').filter((one) => /wasRun|^\*\{display/.test(one.textContent));
      const links = elements('a').filter((one) => /command:[bxw]\w*(:|$)/.test(one.dataset.href ?? one.href));
      return [...made, ...texts, ...links].map((element) => element.outerHTML);
    });
    assert.deepEqual(found, []);
  }
}

testInWorkspace(
  'hostile names are text',
  {
    workspace: 'hostile',
    prepare: (folder) => renameSync(path.join(folder, 'main.py'), path.join(folder, script)),
  },
  async (window, folder) => {
    await window.run('Unroll: Run Training Script with Arguments...');
    await until('the arguments', () => window.quickInput.isVisible());
    await window.quickInput.fill(argument);
    await window.page.keyboard.press('Enter');
    const run = await until('the run', () => runFolders(folder)[0]);
    await until('its end', () => runRecord(run).ended !== null);
    assert.equal(runRecord(run).steps, 12);

    const training = await Training.of(window);
    await training.says('window.top.wasRun');
    const panel = await Panel.of(window);
    await panel.says('RuntimeError: <img src=x onerror=window:top:wasRun=1>');
    await assertOnlyText(window);
    for (const tab of ['Gradients', 'Through time', 'Tensors', 'Loss']) {
      await panel.tab(tab);
      await until(`the tab ${tab}`, async () => (await panel.frame.getByRole('tabpanel').innerText()) !== '');
      await new Promise((resolve) => setTimeout(resolve, 500));
      await assertOnlyText(window);
    }
    await panel.tab('Gradients');
    await panel.frame.getByRole('radio', { name: 'Small charts' }).click();
    await panel.says('<script>window:top:wasRun=1</script>');
    await assertOnlyText(window);

    await window.run('Unroll: Rename Run...');
    await until('the name', () => window.quickInput.isVisible());
    await window.quickInput.fill(runName);
    await window.page.keyboard.press('Enter');
    await panel.says(runName);
    const [row] = await until('the row', async () => {
      const rows = await window.rows('Runs');
      return rows[0]?.label === runName && rows;
    });
    assert.equal(row.label, runName);
    // What the tree tells when the mouse rests there.
    await window.pane('Runs').locator('.monaco-list-row').first().hover();
    await window.page.locator('.workbench-hover').first().waitFor();
    await assertOnlyText(window);
    await window.run('Unroll: Compare Runs...');
    await until('the runs to choose from', async () => (await window.choices()).length > 0);
    await assertOnlyText(window);
    await window.dismissAll();
    assert.ok((await window.problems()).join('\n').includes('<img src=x onerror=window:top:wasRun=1>'));
    await assertOnlyText(window);

    // What cannot be done is said, with the name.
    rmSync(path.join(folder, script));
    await window.run('Unroll: Restart');
    await until('the refusal', async () =>
      [...(await window.notifications()), await window.dialog()].join(''),
    );
    await assertOnlyText(window);
  },
);
