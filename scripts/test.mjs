// `npm test [-- STEP...]`: every step, or those named with what they need. `npm test -- --list` names them.
import process from 'node:process';
import { read } from './lib/files.mjs';
import { runSteps, select } from './lib/scheduler.mjs';
import { checkNode } from './lib/tools.mjs';
import { steps } from './steps.mjs';

const names = process.argv.slice(2);
if (names.includes('--list')) {
  for (const step of steps) console.log(step.name);
} else {
  try {
    checkNode(JSON.parse(read('package.json')).engines.node);
    const { passed, failed, skipped } = await runSteps(names.length ? select(steps, names) : steps);
    console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
    if (failed || skipped) process.exitCode = 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
