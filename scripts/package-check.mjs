// `npm run check:package`: the packaged extension trains the example in an editor that lives in a root file system with no
// compiler, no Python, no oneDNN and no OpenCL loader. To be run as root.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withEditor } from '../test/vscode/lib/editor.mjs';
import { vsix } from '../test/vscode/lib/extensions.mjs';
import { Panel } from '../test/vscode/lib/panel.mjs';
import { runFolders } from '../test/vscode/lib/runs.mjs';
import { until } from '../test/vscode/lib/workbench.mjs';
import { losses } from '../test/vscode/lib/workspace-test.mjs';
import { inside, makeRoot } from './lib/debian-root.mjs';

const root = await makeRoot(['ripgrep']); // which VS Code itself brings along

function assertBare() {
  const programs = ['usr/local/bin', 'usr/bin', 'bin'].flatMap((folder) =>
    readdirSync(path.join(root, folder)),
  );
  const libraries = readdirSync(path.join(root, 'usr/lib'), { recursive: true, encoding: 'utf8' });
  const found = [
    ...programs.filter((name) => /^(cc|c\+\+|gcc|g\+\+|clang|cmake|make|python[\d.]*)$/.test(name)),
    ...libraries.filter((name) => /lib(dnnl|mkldnn|OpenCL|torch|python\d)/.test(name)),
  ];
  assert.deepEqual(found, []);
}

try {
  assertBare();
  const elsewhere = (args, folders) => inside(root, ['/usr/local/bin/node', ...args], folders);
  await withEditor('package in a bare root', { vsix: vsix(), elsewhere }, async (editor) => {
    const window = await editor.open();
    await window.run('Unroll: Train a Language Model on Moby Dick');
    const run = await until('the run', () => runFolders(editor.example)[0]);
    await until('fifty steps', () => losses(run).length >= 50, 300_000);
    const panel = await Panel.of(window);
    await panel.tab('Tensors');
    await panel.tensor('rnn.weight_hh_l0', 'Gradient', 'step');
    await panel.press('Stop');
    await panel.says(/Saved/);
    const [first, last] = [losses(run)[0].value, losses(run).at(-1).value];
    assert.ok(last < first - 0.5, `${first} to ${last}`);
    console.log(`${losses(run).length} steps, loss ${first.toFixed(3)} to ${last.toFixed(3)}`);
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
