// What holds however a run, its window or its host ends.
import assert from 'node:assert/strict';
import { readEvents } from './runs.mjs';
import { until } from './workbench.mjs';
import { losses } from './workspace-test.mjs';

/** A window may be closed this long before its run ends, in milliseconds; as README says. */
export const grace = 8_000;
/** What a busy machine may add. */
const slack = 20_000;

/** Waits until no engine runs. @returns how long that took, in milliseconds */
export async function noEngine(editor) {
  const start = Date.now();
  await until('no engine runs', () => editor.server.engines().length === 0, grace + slack);
  return Date.now() - start;
}

/** The log is whole up to its end, and holds at least so many steps. */
export function assertReadable(run, steps) {
  const read = losses(run);
  assert.ok(read.length >= steps, `${read.length} of ${steps} steps`);
  assert.deepEqual(
    read.map(({ step }) => step),
    read.map((_, i) => i + 1),
  );
  assert.ok(readEvents(run).length >= steps);
}

/** The extension hosts of an editor's windows: { pid, command }. */
export function extensionHosts(editor) {
  return editor.server.processes().filter(({ command }) => command.includes('--type=extensionHost'));
}
