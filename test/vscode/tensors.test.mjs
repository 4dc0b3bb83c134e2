// The panel's tensors, cell by cell, are those that the script itself holds: while it waits, and of the run that is over.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Panel } from './lib/panel.mjs';
import { testInWorkspace, train } from './lib/workspace-test.mjs';

/** Two layers, two directions, a plain layer, a loop over a cell; matrices and vectors. */
const looked = [
  'embedding.weight',
  'lstm.weight_ih_l0',
  'lstm.weight_hh_l1',
  'gru.weight_hh_l0_reverse',
  'rnn.weight_hh_l0',
  'rnn.bias_ih_l0',
  'cell.weight_hh',
  'out.weight',
];

/** { name: { value: { cells, norm }, gradient: { cells, norm } } } */
async function lookAtAll(panel, asOf) {
  const all = {};
  for (const name of looked) {
    all[name] = {};
    for (const [kind, label] of Object.entries({ value: 'Value', gradient: 'Gradient' }))
      all[name][kind] = await panel.tensor(name, label, asOf);
  }
  return all;
}

function assertHeld(shown, held) {
  for (const name of looked)
    for (const kind of ['value', 'gradient']) {
      const expected = held[name][kind].flat().map(Math.fround);
      const { cells, norm } = shown[name][kind];
      assert.deepEqual(cells, expected, `${kind} of ${name}`);
      const exact = Math.hypot(...expected);
      assert.ok(Math.abs(norm - exact) <= 6e-4 * exact, `${kind} of ${name}: norm ${norm}, not ${exact}`);
    }
}

testInWorkspace(
  'the tensors shown are those of the script',
  { workspace: 'layers' },
  async (window, folder) => {
    await train(window, folder, 5);
    const panel = await Panel.of(window);
    await panel.press('Pause');
    await panel.says('Paused after step');
    const [, step] = /Paused after step ([\d,]+)/.exec(await panel.text());
    await panel.tab('Tensors');
    const waiting = await lookAtAll(panel, `as of step ${step}`);
    await panel.press('Stop');
    await panel.says(/Saved/);
    const over = await lookAtAll(panel, `as saved at step ${step}`);

    const held = JSON.parse(readFileSync(path.join(folder, 'tensors.json'), 'utf8'));
    assertHeld(waiting, held);
    assertHeld(over, held);
  },
);
