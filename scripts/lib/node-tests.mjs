// Node's own test runner: starts it, reads its numbers and its failures.
import process from 'node:process';
import { command } from './command.mjs';
import { tooLong } from './test-limit.mjs';

const limit = new URL('./test-limit.mjs', import.meta.url).href;

/**
 * Runs `testFiles`, each in a process of its own.
 *
 * @param {number} [atOnce] how many of them at a time; left out: as the runner thinks fit
 * @throws where there is none
 */
export async function runNodeTests(testFiles, say, atOnce) {
  if (testFiles.length === 0) throw new Error('no test files');
  const width = atOnce === undefined ? [] : [`--test-concurrency=${atOnce}`];
  const args = ['--test', '--test-reporter=spec', '--test-force-exit', ...width, '--import', limit];
  return command(process.execPath, [...args, ...testFiles], { onLine: say });
}

/** The tests that ran out of time, and the failures, which the runner repeats at its end. */
export function nodeFailures(output) {
  const hung = output.split('\n').filter((line) => line.includes(tooLong));
  return [...hung, output.slice(Math.max(0, output.indexOf('✖ failing tests:')))].join('\n');
}

/** Reads the runner's closing lines. */
export function countNodeTests(output) {
  const number = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1]);
  const [passed, failed] = [number('pass'), number('fail')];
  return passed + failed > 0 ? { passed, failed } : null;
}
