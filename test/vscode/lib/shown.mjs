// What the command line shows of a run.
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../../bin/unroll', import.meta.url));

/** The numbers of a saved tensor, as the command line prints them: { norm, mean, std, min, max }. */
export function shown(run, tensor) {
  const report = execFileSync(process.execPath, [command, 'show', run, '--tensor', tensor], {
    encoding: 'utf8',
  });
  const [, norm, mean, std] = /2-norm (\S+), mean (\S+), std (\S+)/.exec(report);
  const [, min, max] = /^(\S+) .* (\S+)$/.exec(report.trim().split('\n')[2]);
  return { norm, mean, std, min, max };
}
