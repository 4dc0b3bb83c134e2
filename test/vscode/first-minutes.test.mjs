// The first five minutes: from an empty window to a trained model that was paused, stepped and stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEditor } from './lib/editor.mjs';
import { vsix } from './lib/extensions.mjs';
import { Panel, Training } from './lib/panel.mjs';
import { runFolders } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';
import { losses } from './lib/workspace-test.mjs';

test('the first five minutes', () =>
  withEditor('the first five minutes', { vsix: vsix() }, async (editor) => {
    const window = await editor.open();
    const address = window.page.url();
    await window.page.evaluate('globalThis.isTheSameWindow = true');

    // Installed: nothing pops up. One button in the walkthrough.
    await window.run('Welcome: Open Walkthrough...');
    await window.pick('Get started with Unroll');
    const button = window.page.locator('.getting-started-step.expanded .monaco-button');
    await button.waitFor();
    assert.deepEqual(await button.allInnerTexts(), ['Train a language model on Moby Dick']);
    assert.deepEqual(await window.notifications(), []);
    await button.click();

    // The example, copied: its script on the left, its run on the right, which says what it is doing.
    const run = await until('the run', () => runFolders(editor.example)[0]);
    const panel = await Panel.of(window);
    await panel.says(/Starting Python…|Running main\.py…|step\n[1-9]/);
    assert.deepEqual(
      (await window.editors()).map((group) => group.at(-1)),
      ['main.py', await panel.frame.getByRole('heading').first().innerText()],
    );
    assert.equal(window.page.url(), address);
    assert.equal(await window.page.evaluate('globalThis.isTheSameWindow'), true);

    // The loss falls.
    await until('twenty steps', () => losses(run).length >= 20, 300_000);
    const mean = (points) => points.reduce((sum, { value }) => sum + value, 0) / points.length;
    assert.ok(mean(losses(run).slice(-5)) < mean(losses(run).slice(0, 5)) - 0.2);
    const training = await Training.of(window);
    await training.says(/step\n\d+[^]*steps\/s\n[\d.]+/);

    // Paused, two steps, a smaller learning rate.
    await panel.press('Pause');
    await panel.says('Paused after step');
    const before = Number(/Paused after step ([\d,]+)/.exec(await panel.text())[1].replaceAll(',', ''));
    await until('its losses on the disk', () => losses(run).length === before);
    for (const more of [1, 2]) {
      await window.stepOver();
      await until('one more step', () => losses(run).length === before + more);
      await panel.says(`Paused after step ${before + more}.`);
    }
    await panel.draws('Loss', 'train', losses(run));
    await training.press('Halve the learning rate');
    await training.says(/Learning rate\s+×\s*0\.5/);
    await window.stepOver();
    await panel.says(`Paused after step ${before + 3}.`);
    await panel.draws('Loss', 'train', losses(run));
    await panel.speaks('Loss', ['End', 'ArrowLeft'], /learning rate.*0\.5/i);
    await panel.press('Resume');
    await until('steps', () => losses(run).length > before + 5);

    // Stopped: saved, and the curve stays.
    await panel.press('Stop');
    await panel.says(/Saved[.:] \d+ steps, [\d.]+ [kM]B\./);
    await panel.draws('Loss', 'train', losses(run));
    assert.deepEqual(await window.notifications(), []);
  }));
