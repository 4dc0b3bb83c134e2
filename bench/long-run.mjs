// How a recorded run of 1,000,000 steps behaves in the editor: the time from the click on it until its curves are drawn,
// and the time between frames while the zoomed chart is dragged.
//
//   npm run package && node bench/long-run.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withEditor } from '../test/vscode/lib/editor.mjs';
import { vsix } from '../test/vscode/lib/extensions.mjs';
import { Panel } from '../test/vscode/lib/panel.mjs';
import { load, quantile } from './shared.mjs';

const steps = 1_000_000;

/** A run's folder as the engine would have left it: single parameters and the gradient through time ever more seldom. */
async function record(folder) {
  const { RunLogWriter } = await load('runtime/store/run-log-writer.ts');
  mkdirSync(folder, { recursive: true });
  const started = Date.now() / 1000 - 40_000;
  const log = new RunLogWriter(folder, started, (message) => {
    throw new Error(message);
  });
  let noise = 1;
  const random = () => (noise = (noise * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let step = 1, every = 1; step <= steps; step++) {
    if (step === 40_000 * every) every *= 2;
    const loss = 4 * Math.exp(-step / 200_000) + 0.2 * random();
    const norm = 0.5 + random();
    const scalars = { 'loss/train': loss, 'grad/total': norm, 'grad/total_clipped': Math.min(1, norm) };
    Object.assign(scalars, { 'grad/clip_threshold': 1, 'lr/0': 0.1, 'speed/steps_per_s': 25 + random() });
    const vectors = {};
    if (step % every === 0) {
      for (let i = 0; i < 7; i++) {
        scalars[`grad/layer${i}.weight`] = random();
        scalars[`weight/layer${i}.weight`] = 10 + random();
        scalars[`update/layer${i}.weight`] = 0.01 * random();
      }
      vectors['bptt/rnn/l0/h'] = Array.from({ length: 64 }, (_, t) => 0.01 * Math.exp((t - 63) / 20));
    }
    log.append([{ kind: 'step', wallTime: started + step / 25 + 0.01 * random(), step, scalars, vectors }]);
  }
  log.close();
  const script = path.join(path.dirname(folder), '../../main.py');
  const facts = { format: 1, script, arguments: [], cwd: path.dirname(script), device: 'cpu', threads: 2 };
  const more = {
    seed: '1',
    gitCommit: null,
    versions: { unroll: '0.1.0', pyodide: '0', node: '20' },
    engine: null,
  };
  const ends = { exitCode: 0, signal: null, error: null, steps };
  const times = {
    started: new Date(1000 * started).toISOString(),
    ended: new Date(1000 * (started + steps / 25)).toISOString(),
  };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...facts, ...more, ...times, ...ends }));
  writeFileSync(script, 'import torch\n');
}

const place = mkdtempSync(path.join(os.tmpdir(), 'unroll-long-run-'));
try {
  const start = Date.now();
  await record(path.join(place, '.unroll/runs/20261125-120000-main'));
  console.log(`${steps.toLocaleString('en')} steps written in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  await withEditor('long run', { vsix: vsix() }, async (editor) => {
    const workbench = await editor.open(place);
    await workbench.showSidebar('Unroll');
    const row = workbench.pane('Runs').locator('.monaco-list-row').first();
    await row.waitFor();
    const click = Date.now();
    await row.click();
    const panel = await Panel.of(workbench);
    await panel.says(/step 1,000,000/);
    console.log(`opened: the last step is on show ${Date.now() - click} ms after the click`);

    // A sixteenth of it in sight, dragged to and fro.
    const plot = panel.figure('Loss').getByRole('application');
    await plot.focus();
    for (let i = 0; i < 4; i++) await plot.press('+');
    await panel.frame.evaluate(() => {
      globalThis.frames_ = [];
      const next = (at) => {
        globalThis.frames_.push(at);
        globalThis.requestAnimationFrame(next);
      };
      globalThis.requestAnimationFrame(next);
    });
    const box = await plot.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await workbench.page.keyboard.down('Shift');
    await workbench.page.mouse.move(x, y);
    await workbench.page.mouse.down();
    for (let i = 0; i < 240; i++) await workbench.page.mouse.move(x + 100 * Math.sin(i / 12), y);
    await workbench.page.mouse.up();
    await workbench.page.keyboard.up('Shift');
    const frames = await panel.frame.evaluate(() => globalThis.frames_);
    const between = frames.slice(1).map((at, i) => at - frames[i]);
    console.log(
      `dragged: ${between.length} frames, ${quantile(between, 0.5).toFixed(1)} ms between two (median), ` +
        `${quantile(between, 0.95).toFixed(1)} ms (p95), ${Math.max(...between).toFixed(0)} ms (most)`,
    );
  });
} finally {
  rmSync(place, { recursive: true });
}
