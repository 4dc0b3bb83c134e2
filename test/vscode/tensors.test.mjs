// What the views show of a model is what the run has: the panel's tensors, cell by cell, are those that the script itself
// holds, while it waits and when it is over; the tree's norms and the gradient through time are the event file's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { numberOf, Panel } from './lib/panel.mjs';
import { readEvents } from './lib/runs.mjs';
import { shown } from './lib/shown.mjs';
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

/** The norms that the tree gives, three digits or more of each. */
async function assertTree(window, events) {
  const last = new Map(events.flatMap(({ scalars }) => [...scalars]));
  const path = [];
  const parameters = new Map();
  for (const { label, description, level } of await window.allRows('Model')) {
    path.splice(level - 1, Infinity, label);
    const [, norm, gradient] = /norm (\S+) · gradient (\S+)/.exec(description) ?? [];
    if (norm) parameters.set(path.join('.'), { weight: norm, grad: gradient });
  }
  assert.deepEqual(
    [...parameters.keys()].sort(),
    [...last.keys()]
      .filter((tag) => tag.startsWith('weight/'))
      .map((tag) => tag.slice(7))
      .sort(),
  );
  for (const [name, norms] of parameters)
    for (const [series, norm] of Object.entries(norms)) {
      const stored = last.get(`${series}/${name}`);
      assert.ok(
        Math.abs(numberOf(norm) - stored) <= 0.0056 * stored,
        `${series}/${name}: ${norm}, not ${stored}`,
      );
    }
}

/** The numbers that the command line prints, three digits or more of each. */
function assertPrinted(run, held) {
  for (const name of looked) {
    const values = held[name].value.flat();
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const exact = {
      norm: Math.hypot(...values),
      mean,
      std: Math.sqrt(spread / values.length),
      min: Math.min(...values),
      max: Math.max(...values),
    };
    for (const [number, printed] of Object.entries(shown(run, name))) {
      const far = Math.abs(Number(printed) - exact[number]);
      assert.ok(far <= 0.0056 * Math.abs(exact[number]), `${number} of ${name}: ${printed}`);
    }
  }
}

/** Of each layer and direction, every window's numbers, bit for bit. */
async function assertThroughTime(panel, events) {
  await panel.tab('Through time');
  const tags = new Set(events.flatMap(({ vectors }) => [...vectors.keys()]));
  const found = [...tags].flatMap((tag) => {
    const [, module, layer, reverse, state] = /^bptt\/(.*)\/l(\d+)(_reverse)?\/([hc])$/.exec(tag) ?? [];
    return module ? [{ tag, state, name: `${module}, layer ${layer}${reverse ? ', reverse' : ''}` }] : [];
  });
  assert.deepEqual(found.map(({ tag }) => tag.slice(5)).sort(), [
    'cell/l0/c',
    'cell/l0/h',
    'gru/l0/h',
    'gru/l0_reverse/h',
    'lstm/l0/c',
    'lstm/l0/h',
    'lstm/l1/c',
    'lstm/l1/h',
    'rnn/l0/h',
  ]);
  for (const { tag, state, name } of found) {
    await panel.frame.getByRole('radio', { name: state, exact: true }).click();
    const stored = events.flatMap(({ step, vectors }) => {
      const norms = vectors.get(tag);
      return norms ? [{ step, largest: Math.max(...norms), first: norms[0], last: norms.at(-1) }] : [];
    });
    assert.ok(stored.length > 0, tag);
    assert.deepEqual(await panel.windows(name), stored, tag);
  }
}

testInWorkspace(
  'the tensors shown are those of the script',
  { workspace: 'layers' },
  async (window, folder) => {
    const run = await train(window, folder, 5);
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
    assertPrinted(run, held);
    const events = readEvents(run);
    await assertThroughTime(panel, events);
    await window.showSidebar('Unroll');
    await assertTree(window, events);
  },
);
