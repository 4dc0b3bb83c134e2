// In a folder that is not trusted runs can be looked at; nothing runs, whoever asks.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withEditor } from './lib/editor.mjs';
import { caller, manifest, vsix } from './lib/extensions.mjs';
import { Panel } from './lib/panel.mjs';
import { fallingLoss, makeRun } from './lib/recorded-run.mjs';
import { copyWorkspace, readSeries, runFolders } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';

/** Those that answer with a refusal: they would run the folder's code, or start a process of ours. */
const refused = ['run', 'runWithArguments', 'restart', 'chooseDevice', 'openExample'].map(
  (name) => `unroll.${name}`,
);

test('in an untrusted folder nothing runs', () =>
  withEditor(
    'in an untrusted folder nothing runs',
    { vsix: vsix(), extensions: [caller], asksForTrust: true },
    async (editor) => {
      const folder = copyWorkspace('word-model');
      try {
        const run = await makeRun(folder, '20260301-100000-main', { measurements: fallingLoss(100) });
        const window = await editor.open(folder);
        await window.answer("No, I don't trust the authors");
        await window.openFile('main.py');

        for (const { command } of manifest.contributes.commands) {
          await window.call(command);
          if (refused.includes(command)) {
            await until(`${command} refuses`, async () =>
              (await window.notifications()).some((text) => /not trusted/.test(text)),
            );
          }
          await window.dismissAll();
        }
        await window.page.keyboard.press('F5');
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        await window.dismissAll();
        assert.deepEqual(editor.server.engines(), []);
        assert.deepEqual(runFolders(folder), [run]);

        // A recorded run can be looked at.
        await window.run('Unroll: Open Run');
        await window.pick('main · 1 Mar 10:00');
        const panel = await Panel.of(window);
        await panel.draws('Loss', 'train', readSeries(run, 'loss/train'));
        assert.deepEqual(editor.server.engines(), []);

        // Trusted, it trains.
        await window.run('Workspaces: Manage Workspace Trust');
        await window.page
          .getByRole('button', { name: /^Trust/ })
          .first()
          .click();
        await window.run('Unroll: Run Training Script');
        await until('a second run', () => runFolders(folder).length === 2);
        assert.equal(existsSync(path.join(runFolders(folder)[1], 'run.json')), true);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  ));
