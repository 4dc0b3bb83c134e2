// What a script's training leaves in the record: names, rates, clipping, gradients through time, evaluation.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readEvents } from '../vscode/lib/runs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script of the scripts folder; returns the record's lines, the log's `events`, and what it `printed`. */
function record(script, ...args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-telemetry-'));
  try {
    const file = path.join(root, 'test', 'torch', 'scripts', script);
    const unroll = [path.join(root, 'bin', 'unroll'), 'run', '--json', '--out', folder, file, ...args];
    const { stdout, stderr, status } = spawnSync(process.execPath, unroll, {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    assert.equal(status, 0, stderr);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return Object.assign(lines, { printed: stderr, events: readEvents(folder) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const norms = (step) => Object.keys(step).filter((tag) => tag.startsWith('grad/') && tag.includes('gru'));

test('each optimizer has its steps, with names of its own and the learning rate', () => {
  const lines = record('two_optimizers.py');
  const [first, second, ...rest] = lines.filter(({ kind }) => kind === 'step');
  assert.deepEqual(rest, []);
  const names = ['gru.weight_ih_l0', 'gru.weight_hh_l0', 'gru.bias_ih_l0', 'gru.bias_hh_l0'];
  assert.deepEqual(
    norms(first),
    names.map((name) => `grad/${name}`),
  );
  assert.deepEqual(
    norms(second),
    names.map((name) => `grad/decoder.${name}`),
  );
  assert.equal(first['lr/0'], 0.5);
  assert.equal(second['lr/0'], 0.25);

  assert.equal(first['grad/clip_threshold'], 0.125);
  assert.ok(first['grad/total'] > 0.125);
  assert.ok(Math.abs(first['grad/total_clipped'] - 0.125) < 1e-4);

  assert.equal(first['bptt/gru/l0/h'].length, 3);
  assert.equal(first['bptt/decoder.gru/l0/h'].length, 3);

  const scalars = Object.assign({}, ...lines.filter(({ kind }) => kind === 'scalars'));
  assert.equal(scalars['loss/eval'], (4 * 1 + 2 * 4) / 6, 'weighted by batch size');
  assert.equal(scalars.epoch, 1);
});

/** Each vector against PyTorch's by the norms' own size; `rename` turns a tag of the record into the golden's. */
function compareNorms(step, prefix, expected, rename = (series) => series) {
  const found = Object.keys(step).filter((tag) => tag.startsWith(`bptt/${prefix}/`));
  assert.ok(found.length > 0, `no vector of ${prefix}`);
  for (const tag of found) {
    const wanted = expected[rename(tag.slice(`bptt/${prefix}/`.length))];
    assert.equal(step[tag].length, wanted.length, tag);
    const largest = Math.max(...wanted);
    for (const [t, value] of step[tag].entries()) {
      assert.ok(
        Math.abs(value - wanted[t]) <= 1e-5 * largest,
        `${tag} at ${t}: ${value}, PyTorch ${wanted[t]}`,
      );
    }
  }
  return found.length;
}

test("the gradient through time is PyTorch's, for layers, cells and calls of one step", () => {
  const golden = JSON.parse(readFileSync(path.join(root, 'test', 'golden', 'recurrent.json'), 'utf8')).cases;
  const steps = record('through_time.py').filter(({ kind }) => kind === 'step');
  const cases = Object.entries(golden);
  assert.equal(steps.length, cases.length + 6);
  for (const [number, [, { norms }]] of cases.entries()) {
    const count = compareNorms(steps[number], `case${number}`, norms);
    assert.equal(count, Object.keys(norms).length);
  }
  for (const [i, kind] of ['rnn_tanh', 'lstm', 'gru'].entries()) {
    const { norms } = golden[`${kind}, 2 layers, 1 directions, plain`];
    const [calls, cells] = steps.slice(cases.length + 2 * i);
    const each = kind === 'lstm' ? 2 : 1;
    assert.equal(compareNorms(calls, `calls_${kind}`, norms), 2 * each);
    for (const layer of [0, 1]) {
      const rename = (series) => series.replace('l0', `l${layer}`);
      assert.equal(compareNorms(cells, `cells_${kind}.${layer}`, norms, rename), each);
    }
  }
});

for (const how of ['before', 'after', 'at once']) {
  test(`a step by hand ends when gradients are cleared or the next pass begins (cleared ${how})`, () => {
    const lines = record('by_hand.py', how);
    const steps = lines.filter(({ kind }) => kind === 'step');
    assert.equal(steps.length, 4);
    const numbers = lines.printed
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    steps.forEach((step, i) => {
      const [gradWeight, gradBias, gradFree, loss, weight, bias, free] = numbers[i];
      assert.equal(step.step, i + 1);
      assert.ok(!Object.keys(step).some((tag) => tag.startsWith('update/') || tag.startsWith('lr/')));
      assert.equal(step.backwards, 2);
      const near = (tag, value) =>
        assert.ok(Math.abs(step[tag] - value) <= 1e-6 * Math.abs(value), `${i}: ${tag}`);
      near('loss/train', loss / 2);
      near('grad/weight', gradWeight);
      near('grad/bias', gradBias);
      near('grad/free', gradFree);
      near('weight/weight', weight);
      if (how === 'at once') return; // the rest is updated after the step has ended
      near('weight/bias', bias);
      near('weight/free', free);
      near('grad/total_clipped', Math.hypot(gradWeight, gradBias, gradFree));
    });
    assert.equal(steps[1]['grad/clip_threshold'], 0.5);
    const scalars = lines.filter(({ kind }) => kind === 'scalars');
    assert.deepEqual(
      scalars.filter((line) => 'loss/eval' in line).map(({ step }) => step),
      [4],
    );
  });
}

test("a script's own scalars, histograms and texts go into the run's log", () => {
  const lines = record('summary_writer.py');
  const at = (step) => lines.find((line) => line.kind !== 'step' && line.step === step);
  assert.equal(at(7).accuracy, 0.5);
  assert.deepEqual(
    lines
      .filter(({ step, kind }) => step === 8 && kind === 'scalars')
      .map((line) => [line['both/a'], line['both/b']]),
    [
      [1, undefined],
      [undefined, 2],
    ],
  );
  const histogram = lines.events.find(({ vectors }) => vectors.has('values'));
  assert.equal(histogram.step, 9);
  assert.deepEqual([...histogram.vectors.get('values')], [-2, 0, 1, 0, 1, 2, 1, 3, 1]);
  assert.equal(at(10).text, 'note: a: b');
});

test('an optimizer made of tensor operations reports what it did', () => {
  const step = record('summary_writer.py').find(({ kind }) => kind === 'step');
  assert.equal(step['grad/weight'], 1);
  // RMSprop's first step is lr / sqrt(1 - alpha) in the direction of the gradient.
  const update = 0.5 / Math.sqrt(0.01);
  assert.ok(Math.abs(step['update/weight'] - update) < 1e-4, `${step['update/weight']}`);
  assert.ok(Math.abs(step['weight/weight'] - Math.hypot(3 - update, 4)) < 1e-4);
  assert.equal(step['lr/0'], 0.5);
});
