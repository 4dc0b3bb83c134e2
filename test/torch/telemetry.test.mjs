// What a script's training leaves in the record: names, rates, clipping, gradients through time, evaluation.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script of the scripts folder; returns the record's lines. */
function record(script) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-telemetry-'));
  try {
    const file = path.join(root, 'test', 'torch', 'scripts', script);
    const unroll = [path.join(root, 'bin', 'unroll'), 'run', '--json', '--out', folder, file];
    const { stdout, stderr, status } = spawnSync(process.execPath, unroll, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
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
