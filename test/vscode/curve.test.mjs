// What is drawn is what is on disk, point for point: while it grows, after a reload, after having been hidden.
import assert from 'node:assert/strict';
import { readSeries } from './lib/runs.mjs';
import { Panel } from './lib/panel.mjs';
import { until } from './lib/workbench.mjs';
import { losses, testInWorkspace, testSettings, train } from './lib/workspace-test.mjs';

/** However long a reload takes on a busy machine, the engine waits. */
const keep = { ...testSettings, 'unroll.onWindowClose': 'keep' };

/** What is drawn of a run that goes on is the beginning of what is on disk. */
async function assertPrefix(panel, run) {
  const drawn = await panel.points('Loss', 'train');
  assert.ok(drawn.length > 0);
  assert.deepEqual(drawn, losses(run).slice(0, drawn.length));
  return drawn.length;
}

testInWorkspace('the curves drawn are the event file', { settings: keep }, async (window, folder, editor) => {
  const run = await train(window, folder, 60);
  const [engine] = editor.server.engines();
  let panel = await Panel.of(window);
  const before = await assertPrefix(panel, run);

  // The window is reloaded: the same engine goes on, and the curve has no gap.
  await window.reload();
  panel = await Panel.of(window);
  await until('more points', async () => (await assertPrefix(panel, run)) > before + 20);
  assert.deepEqual(editor.server.engines(), [engine]);

  // A hidden panel misses nothing.
  await window.openFile('README.md');
  await window.run('View: Move Editor into Next Group');
  const hidden = losses(run).length;
  await until('twenty steps', () => losses(run).length > hidden + 20);
  await window.run('View: Close Editor');
  panel = await Panel.of(window);
  await panel.press('Pause');
  await panel.says('Paused after step');
  await panel.draws('Loss', 'train', losses(run));

  // Every series is whole, after the end too.
  await panel.press('Stop');
  await panel.says(/Saved/);
  await window.reload();
  panel = await Panel.of(window);
  await panel.says(/Saved/);
  await panel.draws('Loss', 'train', losses(run));
  await panel.draws('Loss', 'eval', readSeries(run, 'loss/eval'));
  await panel.tab('Gradients');
  await panel.draws('Gradient norm', 'before clipping', readSeries(run, 'grad/total'));
  await panel.draws('Gradient norm', 'after clipping', readSeries(run, 'grad/total_clipped'));
});
