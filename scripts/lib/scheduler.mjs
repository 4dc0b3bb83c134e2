// Runs a list of steps in the order they need one another, side by side where cores allow, and says
// what runs and how long it took.
import os from 'node:os';
import process from 'node:process';
import { CommandError, within } from './command.mjs';

/** A step that takes longer hangs, on any machine. */
const maxMinutes = 45;

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} [says] what it does, for someone who has not asked for it by name
 * @property {string[]} [needs] steps that must have passed before this one starts
 * @property {boolean} [alone] keeps every core busy by itself, so nothing runs beside it
 * @property {() => boolean} [isDone] true where there is nothing left to do; such a step is passed over
 *   without a word
 * @property {number} [minutes] how long its commands may take before they are ended and it has failed
 * @property {(say: (line: string) => void) => Promise<string | void>} run its output; throws on failure
 * @property {(output: string) => { passed: number, failed: number } | null} [count] reads the numbers of
 *   tests from the output; a step without it counts as one check
 * @property {(output: string) => string} [extract] the part of a failed step's output to print; all of it
 *   where left out
 */

/** One line at the bottom of a terminal that says what is going on now; nothing elsewhere. */
class StatusLine {
  #out;
  #shown = false;

  constructor(out) {
    this.#out = out;
  }

  show(text) {
    if (!this.#out.isTTY) return;
    const width = Math.max(20, (this.#out.columns ?? 80) - 1);
    this.#out.write(`\r\x1b[2K\x1b[2m${text.slice(0, width)}\x1b[22m`);
    this.#shown = true;
  }

  /** Prints a line that stays, above the status line. */
  print(text) {
    this.#out.write(`${this.#shown ? '\r\x1b[2K' : ''}${text}\n`);
    this.#shown = false;
  }
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** The steps named in `names` and all that they need, in the list's order. @throws on an unknown name */
export function select(steps, names) {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const chosen = new Set();
  const add = (name) => {
    const step = byName.get(name);
    if (!step) throw new Error(`no step is called '${name}'; there are: ${[...byName.keys()].join(', ')}`);
    if (chosen.has(step)) return;
    chosen.add(step);
    (step.needs ?? []).forEach(add);
  };
  names.forEach(add);
  return steps.filter((step) => chosen.has(step));
}

/**
 * Runs `steps`; a failed step does not stop those that do not need it.
 *
 * @param {Step[]} steps
 * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} [out] where to say so
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>} checks and tests; skipped are
 *   the steps that could not start because one they need had failed
 */
export async function runSteps(steps, out = process.stdout) {
  const slots = os.availableParallelism();
  const status = new StatusLine(out);
  const waiting = [...steps];
  const ended = new Map(); // name → whether it passed
  const active = new Map(); // name → { step, promise }
  const total = { passed: 0, failed: 0, skipped: 0 };

  const runOne = async (step) => {
    const start = Date.now();
    const begin = step.says ? `${step.name}: ${step.says}` : step.name;
    if (out.isTTY) status.show(`     ${begin} ...`);
    else status.print(`     ${begin} ...`);
    let output;
    let failure;
    try {
      const say = (line) => status.show(`${step.name}: ${line.trim()}`);
      output = (await within(step.minutes ?? maxMinutes, () => step.run(say))) ?? '';
    } catch (error) {
      failure = error;
      output = error instanceof CommandError ? error.output : '';
    }
    const counted = step.count?.(output);
    if (step.count && !counted && !failure) failure = new Error('its output names no number of tests');
    const passed = counted?.passed ?? (failure ? 0 : 1);
    const failed = failure ? Math.max(1, counted?.failed ?? 1) : 0;
    total.passed += passed;
    total.failed += failed;
    const tests = counted ? `  ${passed} passed${failed ? `, ${failed} failed` : ''}` : '';
    status.print(`${failure ? 'FAIL' : 'ok  '} ${step.name}  ${seconds(Date.now() - start)}${tests}`);
    if (failure) {
      const shown = (step.extract?.(output) ?? output).trimEnd();
      if (shown) status.print(shown);
      status.print(failure.message);
    }
    ended.set(step.name, !failure);
    active.delete(step.name);
  };

  for (;;) {
    for (const step of [...waiting]) {
      const needs = step.needs ?? [];
      if (needs.some((name) => ended.get(name) === false)) {
        waiting.splice(waiting.indexOf(step), 1);
        ended.set(step.name, false);
        total.skipped += 1;
        status.print(`skip ${step.name}`);
        continue;
      }
      if (!needs.every((name) => ended.get(name))) continue;
      const busy = [...active.values()];
      if (busy.length >= slots || (busy.length && (step.alone || busy.some((one) => one.step.alone))))
        continue;
      waiting.splice(waiting.indexOf(step), 1);
      if (step.isDone?.()) ended.set(step.name, true);
      else active.set(step.name, { step, promise: runOne(step) });
    }
    if (active.size) await Promise.race([...active.values()].map((one) => one.promise));
    else if (!waiting.some((step) => (step.needs ?? []).every((name) => ended.has(name)))) break;
  }
  if (waiting.length) {
    throw new Error(
      `steps that need one another, or none of the list: ${waiting.map((s) => s.name).join(', ')}`,
    );
  }
  return total;
}
