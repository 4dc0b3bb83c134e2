// Builds the tests of what two threads share under ThreadSanitizer and runs them; a report fails the test.
import process from 'node:process';
import { command } from './lib/command.mjs';
import { buildNative, threadSanitized } from './lib/native.mjs';

const tests = ['telemetry.mailbox', 'telemetry.ring'];

const say = (line) => process.stdout.write(`${line}\n`);
for (const test of tests) {
  await buildNative(threadSanitized, `test.${test}`, say);
  // OpenMP's runtime is not instrumented: its barriers are unknown to the sanitizer.
  const env = { TSAN_OPTIONS: 'halt_on_error=1', OMP_NUM_THREADS: '1' };
  await command(`${threadSanitized.folder}/test.${test}`, [], { env, onLine: say });
}
