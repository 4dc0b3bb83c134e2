// What a run's state is called and looks like.
import type { RunState, RunSummary } from '../../protocol/view.ts';
import { text } from './text.ts';

/** Whether the run goes on. */
export function isLive(run: RunSummary): boolean {
  return ['starting', 'running', 'pausing', 'paused'].includes(run.state);
}

/** Whether pausing is the thing to be offered, and not going on. */
export function isPausable(run: RunSummary): boolean {
  return run.state === 'running' || run.state === 'starting';
}

/** The state, and what the run says of itself, on one line. */
export function stateWords(run: RunSummary): string {
  // While it starts, what it is doing says it all.
  const words = run.state === 'starting' && run.says !== '' ? [] : [text.state[run.state]];
  if (run.says !== '' && run.state !== 'failed' && run.state !== 'unreadable') words.push(run.says);
  if (run.isWatchedOnly) words.push(text.state.watchedOnly);
  return words.join(' · ');
}

/** The codicon of a run's state. */
export function stateIcon(state: RunState): string {
  switch (state) {
    case 'starting':
    case 'pausing':
      return 'loading codicon-modifier-spin';
    case 'running':
      return 'vm-running';
    case 'paused':
      return 'debug-pause';
    case 'ended':
    case 'finished':
      return 'pass';
    case 'stopped':
      return 'debug-stop';
    case 'failed':
      return 'error';
    case 'unreadable':
      return 'warning';
  }
}
