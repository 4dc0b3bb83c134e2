// The status bar's one item: step, loss and speed of the run that goes on.
import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol/view.ts';
import { fixed } from '../../runtime/cli/format.ts';
import { plain } from '../plain.ts';
import type { Runs } from '../run/runs.ts';
import { count } from '../run/summary.ts';
import type { Subscription } from '../signal.ts';
import { isLive } from './runs-tree.ts';

export function createStatusBar(runs: Runs): Subscription {
  const item = vscode.window.createStatusBarItem('unroll.status', vscode.StatusBarAlignment.Left, 1);
  item.name = 'Unroll';
  runs.changed.on(() => {
    const summary = runs.current === null ? null : runs.find(runs.current);
    if (!summary || !isLive(summary)) {
      item.hide();
      return;
    }
    const { state, says, step, lastLoss, stepsPerSecond } = summary;
    const parts = [vscode.l10n.t('step {0}', count(step))];
    if (lastLoss !== null) parts.push(vscode.l10n.t('loss {0}', fixed(lastLoss)));
    if (state === 'running' && Number.isFinite(stepsPerSecond)) {
      parts.push(vscode.l10n.t('{0} steps/s', fixed(stepsPerSecond)));
    }
    const sign = state === 'running' || state === 'starting' ? 'graph-line' : 'debug-pause';
    // A script's name is text, whatever it holds.
    const text = plain(state === 'starting' ? says : parts.join(' · '));
    item.text = `$(${sign}) ${text}`;
    item.tooltip = tooltip(summary);
    item.command = {
      command: 'unroll.openRun',
      title: actions.openRun(),
      arguments: [{ run: summary.id }],
    };
    item.show();
  });
  return item;
}

/** What the run does, and what can be done with it: only our own commands can be followed. */
function tooltip({ id: run, name, says, state }: RunSummary): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: Object.keys(actions).map((command) => `unroll.${command}`) };
  text.appendText(says === '' ? name : `${name}: ${says}`).appendMarkdown('\n\n');
  const isPaused = state === 'paused' || state === 'pausing';
  const shown = [
    ...(isPaused ? ['resume', 'step'] : ['pause']),
    'stop',
    'openRun',
  ] as (keyof typeof actions)[];
  const on = encodeURIComponent(JSON.stringify([{ run }]));
  return text.appendMarkdown(
    shown.map((command) => `[${actions[command]()}](command:unroll.${command}?${on})`).join(' · '),
  );
}

const actions = {
  pause: () => vscode.l10n.t('Pause'),
  resume: () => vscode.l10n.t('Resume'),
  step: () => vscode.l10n.t('Train One Step'),
  stop: () => vscode.l10n.t('Stop'),
  openRun: () => vscode.l10n.t('Open the run'),
};
