// The Python tests of the torch package, all in one engine: one start serves them all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const unroll = path.join(root, 'bin', 'unroll');
const runner = path.join(root, 'test', 'torch', 'run.py');

const { stdout, stderr, status } = spawnSync(process.execPath, [unroll, 'run', '--no-record', runner], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
/** @type {{ file: string, name: string, error: string | null }[]} */
const outcomes = stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line));

for (const line of stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{')))
  console.log(line);

for (const { file, name, error } of outcomes) {
  test(`${file}: ${name}`, () => {
    assert.equal(error, null, error ?? '');
  });
}

test('every Python test of torch has been run to its end', () => {
  assert.equal(status, 0, stderr);
  assert.ok(outcomes.length > 0, stdout);
});
