// Loaded into every process of Node's test runner: a test that hangs ends its file's process, under its name. (The
// runner's own limit is one for a whole file and names none of its tests.)
import process from 'node:process';
import { afterEach, beforeEach } from 'node:test';

/** What the line says that names the test. */
export const tooLong = 'has not ended within';
const minutes = 10;

// Set where the process runs a test file; the runner itself loads this too.
if (process.env.NODE_TEST_CONTEXT) {
  let timer;
  beforeEach(({ name }) => {
    timer = setTimeout(() => {
      console.error(`the test "${name}" ${tooLong} ${minutes} minutes`);
      process.exit(1);
    }, minutes * 60_000);
    timer.unref();
  });
  afterEach(() => clearTimeout(timer));
}
