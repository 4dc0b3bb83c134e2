// However a run, its window or its host ends: what was recorded is whole, the person is told, nothing is left running.
import assert from 'node:assert/strict';
import process from 'node:process';
import { assertReadable, extensionHosts, grace, noEngine } from './lib/ends.mjs';
import { Panel } from './lib/panel.mjs';
import { listeningPorts } from './lib/processes.mjs';
import { runRecord } from './lib/runs.mjs';
import { until } from './lib/workbench.mjs';
import { losses, testInWorkspace, testSettings, train } from './lib/workspace-test.mjs';

testInWorkspace('a killed engine', {}, async (window, folder, editor) => {
  const run = await train(window, folder, 20);
  const panel = await Panel.of(window);
  const [{ pid }] = editor.server.engines();
  assert.deepEqual(listeningPorts(pid), []);

  process.kill(pid, 'SIGKILL');
  await panel.says(/SIGKILL/);
  const steps = losses(run).length;
  await panel.says(new RegExp(`step ${steps}\\b`));
  assertReadable(run, 20);
  await panel.draws('Loss', 'train', losses(run));
  assert.deepEqual(editor.server.engines(), []);
  assert.deepEqual(await window.notifications(), []);

  // The next run is as any other.
  await panel.press('Run again');
  await until('an engine', () => editor.server.engines().length === 1);
  await panel.says(/step\n[1-9]/);
});

testInWorkspace('a closed window', {}, async (window, folder, editor) => {
  const run = await train(window, folder, 10);
  const steps = losses(run).length;
  await editor.close(window);
  const milliseconds = await noEngine(editor);
  assert.ok(milliseconds > grace - 2_000, `it ended after ${milliseconds} ms, which a reload may take`);
  assertReadable(run, steps);
  assert.notEqual(runRecord(run).ended, null);

  // What is opened next shows it as it was left.
  const next = await editor.open(folder);
  await next.run('Unroll: Open Run');
  await next.pickFirst();
  const panel = await Panel.of(next);
  await panel.says(/Stopped/);
  await panel.draws('Loss', 'train', losses(run));
});

const keep = { settings: { ...testSettings, 'unroll.onWindowClose': 'keep' } };

testInWorkspace('a closed window whose run is to be kept', keep, async (window, folder, editor) => {
  const run = await train(window, folder, 10);
  const [engine] = editor.server.engines();
  await editor.close(window);
  await new Promise((resolve) => setTimeout(resolve, grace + 2_000));
  assert.deepEqual(editor.server.engines(), [engine]);

  // The next window finds it and drives it.
  const next = await editor.open(folder);
  await next.run('Unroll: Open Run');
  const panel = await Panel.of(next);
  await panel.press('Pause');
  await panel.says('Paused after step');
  await panel.draws('Loss', 'train', losses(run));
  await panel.press('Stop');
  await noEngine(editor);
  await panel.says(/Saved/);
});

testInWorkspace('a killed extension host', {}, async (window, folder, editor) => {
  const run = await train(window, folder, 10);
  const [host] = extensionHosts(editor);
  process.kill(host.pid, 'SIGKILL');
  await until('another host', () => extensionHosts(editor).some(({ pid }) => pid !== host.pid));
  // Where the new host comes in time it takes the run up again, else the run has ended; it never goes on alone.
  const panel = await Panel.of(window);
  await until('it is taken up or has ended', async () => /Pause|Stopped/.test(await panel.text()));
  await editor.close(window);
  await noEngine(editor);
  assertReadable(run, 10);
});

testInWorkspace('a second window on the same folder watches', {}, async (window, folder, editor) => {
  const run = await train(window, folder, 10);
  const second = await editor.open(folder);
  await second.run('Unroll: Open Run');
  const watching = await Panel.of(second);
  await watching.says('Started in another window: here it can be watched.');
  const first = await Panel.of(window);
  await first.press('Pause');
  await watching.says('Paused after step');
  await watching.draws('Loss', 'train', losses(run));
  await editor.close(second);
  await first.press('Resume');
  const steps = losses(run).length;
  await until('it goes on', () => losses(run).length > steps + 5);
});
