// A run folder as an engine leaves it, without the training.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromSource } from './product.mjs';

/**
 * Makes a finished run under a workspace.
 *
 * @param {string} workspace
 * @param {string} name the folder's name
 * @param {object} [content]
 * @param {object} [content.record] what run.json says besides the usual
 * @param {Iterable<import('../../../protocol/engine.ts').Measurement>} content.measurements
 * @returns {Promise<string>} its folder
 */
export async function makeRun(workspace, name, { record = {}, measurements }) {
  const { EventFileWriter } = await fromSource('runtime/log/event-file.ts');
  const folder = path.join(workspace, '.unroll/runs', name);
  mkdirSync(folder, { recursive: true });
  const started = Date.parse('2026-03-01T10:00:00Z');
  const writer = new EventFileWriter(folder, started / 1000);
  let batch = [];
  let steps = 0;
  for (const measurement of measurements) {
    steps = Math.max(steps, measurement.step);
    batch.push(measurement);
    if (batch.length === 10_000) writer.append(batch.splice(0));
  }
  writer.append(batch);
  writer.close();
  const whole = {
    format: 1,
    script: path.join(workspace, 'main.py'),
    arguments: [],
    cwd: workspace,
    device: 'cpu',
    threads: 1,
    seed: null,
    gitCommit: null,
    versions: { unroll: '0.1.0', pyodide: '314.0.7', node: process.versions.node },
    started: new Date(started).toISOString(),
    ended: new Date(started + 60_000).toISOString(),
    exitCode: 0,
    signal: null,
    error: null,
    steps,
    engine: null,
    ...record,
  };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(whole));
  return folder;
}

/** Steps whose loss falls from 4: { step, loss, gradient norms }. */
export function* fallingLoss(steps, scalarsOf = () => ({})) {
  for (let step = 1; step <= steps; step++) {
    const loss = 1 + 3 * Math.exp(-step / (steps / 5)) + 0.1 * Math.sin(step * 1.7);
    const scalars = { 'loss/train': loss, 'grad/total': 0.5 + 0.2 * Math.sin(step), ...scalarsOf(step) };
    yield { kind: 'step', wallTime: 1_772_359_200 + step * 0.05, step, scalars, vectors: {} };
  }
}
