// The list of runs in the sidebar: pinned ones first, then those that go on, then the newest.
import * as vscode from 'vscode';
import type { RunState, RunSummary } from '../../protocol/view.ts';
import { number } from '../../runtime/cli/format.ts';
import type { Runs } from '../run/runs.ts';
import { count } from '../run/summary.ts';

export const runsViewId = 'unroll.runs';

const icons: Record<RunState, string> = {
  starting: 'loading~spin',
  running: 'play',
  pausing: 'debug-pause',
  paused: 'debug-pause',
  ended: 'loading~spin',
  finished: 'check',
  stopped: 'circle-slash',
  failed: 'error',
  unreadable: 'question',
};

/** A row's run; what the tree's commands are called on. */
export interface RunNode {
  run: string;
}

export class RunsTree implements vscode.TreeDataProvider<RunNode> {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<RunNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** What was drawn last, by run. */
  #shown = new Map<string, string>();
  /** One object a run, so that the tree keeps its selection. */
  readonly #nodes = new Map<string, RunNode>();

  constructor(runs: Runs) {
    this.#runs = runs;
    runs.changed.on(() => {
      this.#update();
    });
  }

  /** Draws anew what is different: rows whose words have changed, or the whole list where rows have. */
  #update(): void {
    const rows = this.#sorted().map((summary) => [summary.id, wordsOf(summary)] as const);
    const before = [...this.#shown.keys()];
    const isSameList = rows.length === before.length && rows.every(([id], i) => before[i] === id);
    if (!isSameList) this.#changed.fire(undefined);
    else for (const [id, words] of rows) if (this.#shown.get(id) !== words) this.#changed.fire(this.node(id));
    this.#shown = new Map(rows);
  }

  #sorted(): RunSummary[] {
    return [...this.#runs.summaries()].sort((a, b) => rank(b) - rank(a));
  }

  getChildren(parent?: RunNode): RunNode[] {
    return parent ? [] : this.#sorted().map(({ id }) => this.node(id));
  }

  getParent(): undefined {
    return undefined;
  }

  node(run: string): RunNode {
    let node = this.#nodes.get(run);
    if (!node) this.#nodes.set(run, (node = { run }));
    return node;
  }

  getTreeItem({ run }: RunNode): vscode.TreeItem {
    const summary = this.#runs.find(run);
    const item = new vscode.TreeItem(summary?.name ?? '');
    if (!summary) return item;
    item.id = run;
    item.description = describe(summary);
    item.tooltip = tooltip(summary);
    item.iconPath = icon(summary);
    item.contextValue = contextOf(summary);
    item.accessibilityInformation = { label: `${summary.name}, ${summary.state}, ${item.description}` };
    // Without arguments: VS Code forgets those of a row that is drawn anew under the hand. It means the selected row.
    item.command = { command: 'unroll.openRun', title: vscode.l10n.t('Open Run') };
    return item;
  }
}

/** Whether the run goes on. */
export function isLive({ state }: RunSummary): boolean {
  return state === 'starting' || state === 'running' || state === 'pausing' || state === 'paused';
}

function rank(summary: RunSummary): number {
  return Number(summary.pinned) * 2 + Number(isLive(summary));
}

function describe({ state, step, lastLoss, says }: RunSummary): string {
  if (state === 'starting' || state === 'unreadable') return says;
  const loss = lastLoss === null ? [] : [vscode.l10n.t('loss {0}', number(lastLoss))];
  return [...loss, vscode.l10n.t('step {0}', count(step))].join(' · ');
}

function tooltip(summary: RunSummary): vscode.MarkdownString {
  // Text as it is: names and messages come from outside.
  const text = new vscode.MarkdownString();
  text.appendText(summary.name);
  const started = new Date(summary.started * 1000).toLocaleString();
  const lines = [
    summary.says,
    ...summary.alarms,
    [summary.script, ...summary.arguments].join(' '),
    vscode.l10n.t('Started {0} on {1}', started, summary.device),
    summary.isWatchedOnly ? vscode.l10n.t('Another window drives it.') : '',
  ];
  for (const line of lines) if (line !== '') text.appendMarkdown('\n\n').appendText(line);
  return text;
}

function icon({ state, alarms, pinned }: RunSummary): vscode.ThemeIcon {
  if (state === 'failed') return new vscode.ThemeIcon(icons.failed, new vscode.ThemeColor('charts.red'));
  if (alarms.length > 0) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.red'));
  if (pinned && state === 'finished') return new vscode.ThemeIcon('pinned');
  return new vscode.ThemeIcon(icons[state]);
}

/** Everything that a row shows, as one text. */
function wordsOf(summary: RunSummary): string {
  return JSON.stringify([summary.name, describe(summary), contextOf(summary), summary.says, summary.alarms]);
}

/** Words that package.json's menus look for. */
function contextOf(summary: RunSummary): string {
  const { state, pinned, isWatchedOnly } = summary;
  const words = ['run', state, pinned ? 'pinned' : 'unpinned'];
  words.push(isLive(summary) ? 'live' : 'over');
  if (isWatchedOnly) words.push('watched');
  return words.join(' ');
}
