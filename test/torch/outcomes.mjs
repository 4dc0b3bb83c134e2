// The Python tests of the torch package, all of one run in one engine: one start serves them all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the files chosen (all test_*.py where none is) on a device with run.py, and makes a test of each outcome. */
export function testPython(device, files = []) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'bin/unroll'),
      ...['run', '--no-record', '--device', device],
      path.join(root, 'test/torch/run.py'),
      ...files,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  for (const line of lines) if (!line.startsWith('{')) console.log(line);
  /** @type {{ file: string, name: string, error: string | null }[]} */
  const outcomes = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  for (const { file, name, error } of outcomes) {
    test(`${file}: ${name}`, () => {
      assert.equal(error, null, error ?? '');
    });
  }
  test(`every Python test of torch on ${device} has been run to its end`, () => {
    assert.equal(status, 0, stderr);
    assert.ok(outcomes.length > 0, stdout);
  });
}
