// `npm run pictures`: the pictures in README.md, docs/bptt.md and the walkthrough, in build/pictures, in every theme, those that are shown
// in docs/pictures. Of the packaged extension in the real editor while it trains the example; and of recurrent layers whose
// gradient vanishes, explodes, and does neither.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withEditor } from '../test/vscode/lib/editor.mjs';
import { vsix } from '../test/vscode/lib/extensions.mjs';
import { hover, closeHover } from '../test/vscode/lib/hover.mjs';
import { Panel } from '../test/vscode/lib/panel.mjs';
import { until } from '../test/vscode/lib/workbench.mjs';
import { losses, train } from '../test/vscode/lib/workspace-test.mjs';
import { node, root } from './lib/command.mjs';

const all = path.join(root, 'build/pictures');
const shown = path.join(root, 'docs/pictures');
const layers = {
  vanishing: ['vanishing.py'],
  exploding: ['exploding.py', '--clip', '1'],
  healthy: ['adding.py', '--clip', '1', '--steps', '300'],
};
const colours = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
const chosen = [
  ...['overview-dark', 'through-time-light', 'tensors-light', 'hover-dark'],
  ...Object.keys(layers).map((name) => `${name}-layer-light`),
  ...colours.flatMap((theme) => [`panel-loss-${theme}`, `panel-through-time-${theme}`]),
];
const steps = 600;

for (const folder of [all, shown]) mkdirSync(folder, { recursive: true });
await node('esbuild.mjs', []);
await node('esbuild.mjs', ['--tests', 'webview']);
await node('scripts/package.mjs', []);
const place = mkdtempSync(path.join(os.tmpdir(), 'unroll-pictures-'));
const workspace = path.join(place, 'char-lm');
cpSync(path.join(root, 'build/package/examples/char-lm'), workspace, { recursive: true });

async function picturesIn(theme, window, panel) {
  const take = async (name) => {
    await window.page.mouse.move(900, 893);
    await window.page.waitForTimeout(1_500); // the editor fades things in and out
    await window.page.screenshot({ path: path.join(all, `${name}-${theme}.png`) });
  };
  const takePanel = (name) =>
    panel.frame.locator('main.panel').screenshot({ path: path.join(all, `${name}-${theme}.png`) });
  await window.setTheme(theme);
  await window.page.keyboard.press('Control+1'); // the group of the script
  await window.openFile('main.py');
  await panel.tab('Loss');
  await take('overview');
  await takePanel('panel-loss');
  await panel.tab('Gradients');
  await take('gradients');
  await panel.tab('Through time');
  await take('through-time');
  await takePanel('panel-through-time');
  await window.page.keyboard.press('Control+B'); // the sidebar
  await panel.tab('Tensors');
  await panel.tensor('rnn.weight_hh_l0', 'Value', 'step');
  await take('tensors');
  await window.page.keyboard.press('Control+B');
  await panel.tab('Loss');
  await window.page.keyboard.press('Control+1');
  await hover(window, workspace, 'main.py', 'self.r|nn = ');
  await take('hover');
  await closeHover(window);
}

try {
  await withEditor('pictures', { vsix: vsix() }, async (editor) => {
    const window = await editor.open(workspace);
    const run = await train(window, workspace);
    const panel = await Panel.of(window);
    await until(`${steps} steps`, () => losses(run).length >= steps, 900_000);
    await window.page.keyboard.press('Control+J'); // the terminal below
    await window.showSidebar('Unroll');
    for (const theme of colours) await picturesIn(theme, window, panel);
    await panel.press('Stop');
    await panel.says(/Saved/);
  });
  const runs = [];
  for (const [name, [script, ...args]] of Object.entries(layers)) {
    const run = path.join(place, name);
    await node('bin/unroll', [
      'run',
      '--out',
      run,
      path.join(root, 'examples/through-time', script),
      ...args,
    ]);
    runs.push(`${name}=${run}`);
  }
  await node('build/test/webview/run-shots.mjs', [all, ...runs]);
} finally {
  rmSync(place, { recursive: true });
}
for (const name of chosen) cpSync(path.join(all, `${name}.png`), path.join(shown, `${name}.png`));
