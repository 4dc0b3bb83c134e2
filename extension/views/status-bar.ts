// The status bar's one item: step, loss and speed of the run that goes on.
import * as vscode from 'vscode';
import { fixed } from '../../runtime/cli/format.ts';
import type { Runs } from '../run/runs.ts';
import { count } from '../run/summary.ts';
import type { Subscription } from '../signal.ts';
import { isLive } from './runs-tree.ts';

export function createStatusBar(runs: Runs): Subscription {
  const item = vscode.window.createStatusBarItem('unroll.status', vscode.StatusBarAlignment.Left, 1);
  item.name = 'Unroll';
  item.command = 'unroll.openRun';
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
    const text = (state === 'starting' ? says : parts.join(' · ')).replaceAll('$(', '$ (');
    item.text = `$(${sign}) ${text}`;
    item.tooltip = says === '' ? vscode.l10n.t('Open the run') : says;
    item.show();
  });
  return item;
}
