// `npm run setup`: packages, native build and bundles, each where it is missing or out of date.
import process from 'node:process';
import { read } from './lib/files.mjs';
import { runSteps } from './lib/scheduler.mjs';
import { checkNode } from './lib/tools.mjs';
import { setupSteps } from './steps.mjs';

/** @returns whether everything is in place; what failed has been printed by then */
export async function setUp() {
  try {
    checkNode(JSON.parse(read('package.json')).engines.node);
    const { failed } = await runSteps(setupSteps);
    return failed === 0;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}

if (process.argv[1]?.endsWith('scripts/setup.mjs') && !(await setUp())) process.exitCode = 1;
