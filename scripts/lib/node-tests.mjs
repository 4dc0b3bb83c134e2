// Node's own test runner: starts it, reads its numbers and its failures.
import process from 'node:process';
import { command } from './command.mjs';

/** Runs `testFiles`; several at a time, each in a process of its own. @throws where there is none */
export async function runNodeTests(testFiles, say) {
  if (testFiles.length === 0) throw new Error('no test files');
  return command(process.execPath, ['--test', '--test-reporter=spec', ...testFiles], { onLine: say });
}

/** The failures, which the runner repeats at its end. */
export const nodeFailures = (output) => output.slice(Math.max(0, output.indexOf('✖ failing tests:')));

/** Reads the runner's closing lines. */
export function countNodeTests(output) {
  const number = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1]);
  const [passed, failed] = [number('pass'), number('fail')];
  return passed + failed > 0 ? { passed, failed } : null;
}
