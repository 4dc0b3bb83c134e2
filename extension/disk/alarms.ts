// What is wrong with a run, out of all that has happened in it.
import type { RunEvent } from '../../protocol/view.ts';

/** As many as a summary names. */
const maxAlarms = 3;

/** Numbers that were not finite, and layers whose gradient explodes as of their last verdict; the latest last. */
export function alarmsOf(events: readonly RunEvent[]): RunEvent[] {
  const verdicts = new Map<string, RunEvent>();
  const alarms: RunEvent[] = [];
  for (const event of events) {
    if (event.kind === 'nonfinite') alarms.push(event);
    else if (event.kind === 'verdict') verdicts.set(event.text.slice(0, event.text.indexOf(': ')), event);
  }
  alarms.push(...[...verdicts.values()].filter(({ text }) => text.includes(': exploding: ')));
  return alarms.sort((a, b) => a.step - b.step).slice(-maxAlarms);
}
