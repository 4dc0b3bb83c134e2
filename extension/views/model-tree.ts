// The model of the run in the foreground, as a tree of its modules and parameters.
import * as vscode from 'vscode';
import type { Disk } from '../disk/disk.ts';
import { describeModule, describeParameter, type ModelNode, modelNodes } from '../run/model-nodes.ts';
import type { Runs } from '../run/runs.ts';
import type { Subscription } from '../signal.ts';

export const modelViewId = 'unroll.model';

/** Its numbers are read anew this often at most. */
const readMilliseconds = 1000;
/** A model of no more modules and parameters than this is shown open. */
const fewRows = 48;

/** A row, and what its commands are called on. */
export interface ModelRow {
  run: string;
  /** The path of the module or parameter. */
  tensor: string;
  node: ModelNode;
}

export class ModelTree implements vscode.TreeDataProvider<ModelRow> {
  readonly #runs: Runs;
  readonly #disk: Disk;
  readonly #changed = new vscode.EventEmitter<ModelRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** One object a module or parameter, by path: the tree keeps what is open and chosen by it. */
  readonly #rows = new Map<string, ModelRow>();
  #nodes: ModelNode[] = [];
  #run: string | null = null;
  #readAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  readonly #subscription: Subscription;
  #isVisible = () => false;

  constructor(runs: Runs, disk: Disk) {
    this.#runs = runs;
    this.#disk = disk;
    this.#subscription = runs.changed.on(() => {
      this.#schedule();
    });
  }

  /** Follows the view: a hidden one reads nothing. */
  attach(view: vscode.TreeView<ModelRow>): Subscription {
    this.#isVisible = () => view.visible;
    return view.onDidChangeVisibility(() => {
      this.#schedule();
    });
  }

  getChildren(row?: ModelRow): ModelRow[] {
    return (row ? row.node.children : this.#nodes).flatMap(({ path }) => this.#rows.get(path) ?? []);
  }

  getTreeItem(row: ModelRow): vscode.TreeItem {
    const { node, run } = row;
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const branch = this.#rows.size <= fewRows ? Expanded : Collapsed;
    const item = new vscode.TreeItem(node.name, node.children.length === 0 ? None : branch);
    item.id = `${run}\n${node.path}`;
    item.description = descriptionOf(node);
    item.tooltip = tooltipOf(node);
    item.iconPath = iconOf(node);
    item.contextValue = node.parameter ? 'parameter' : 'module';
    // Without arguments: VS Code forgets those of a row that is drawn anew under the hand. It means the selected row.
    if (node.parameter) item.command = { command: 'unroll.openTensor', title: vscode.l10n.t('Open Tensor') };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    if (this.#timer) clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #schedule(): void {
    if (!this.#isVisible() || this.#timer) return;
    const isOther = this.#runs.current !== this.#run;
    const wait = isOther ? 0 : Math.max(0, this.#readAt + readMilliseconds - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#read();
    }, wait);
  }

  async #read(): Promise<void> {
    const run = this.#runs.current;
    this.#readAt = performance.now();
    let nodes: ModelNode[] = [];
    if (run !== null && this.#runs.facts(run)?.record) {
      try {
        nodes = modelNodes(await this.#disk.call('model', { run }));
      } catch {
        // A log that cannot be read has no model to show; the run's own view says why.
      }
    }
    this.#show(run, nodes);
  }

  /** Draws anew the rows that are different, or the whole tree where it has others. */
  #show(run: string | null, nodes: ModelNode[]): void {
    const all = new Map(flat(nodes).map((node) => [node.path, node]));
    const isSameTree =
      run === this.#run &&
      all.size === this.#rows.size &&
      [...all.keys()].every((path) => this.#rows.has(path));
    this.#run = run;
    this.#nodes = nodes;
    if (!isSameTree) {
      this.#rows.clear();
      for (const [path, node] of all) this.#rows.set(path, { run: run ?? '', tensor: path, node });
      this.#changed.fire(undefined);
      return;
    }
    for (const row of this.#rows.values()) {
      const before = wordsOf(row.node);
      row.node = all.get(row.tensor) ?? row.node;
      if (wordsOf(row.node) !== before) this.#changed.fire(row);
    }
  }
}

function flat(nodes: ModelNode[]): ModelNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)]);
}

/** Everything that a row shows, as one text. */
function wordsOf(node: ModelNode): string {
  return JSON.stringify([descriptionOf(node), node.warning]);
}

function descriptionOf(node: ModelNode): string {
  return node.parameter ? describeParameter(node.parameter) : describeModule(node);
}

function tooltipOf(node: ModelNode): vscode.MarkdownString {
  // Text as it is: names come from outside.
  const text = new vscode.MarkdownString();
  text.appendText(node.path);
  const lines = [
    node.parameter ? describeParameter(node.parameter) : '',
    ...node.verdicts,
    node.warning?.says ?? '',
  ];
  for (const line of lines) if (line !== '') text.appendMarkdown('\n\n').appendText(line);
  return text;
}

function iconOf({ parameter, warning }: ModelNode): vscode.ThemeIcon {
  if (warning && !warning.isBelow)
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.red'));
  if (warning) return new vscode.ThemeIcon('warning');
  return new vscode.ThemeIcon(parameter ? 'symbol-array' : 'symbol-class');
}
