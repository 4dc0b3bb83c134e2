// Where this window's runs lie: the folder of runs in each folder of the workspace and wherever runs were started from.
import path from 'node:path';
import * as vscode from 'vscode';
import { runsFolder } from '../../runtime/store/run-folder.ts';
import { exampleFolder } from '../example.ts';

const othersKey = 'runFolders';

export class RunFolders {
  readonly #context: vscode.ExtensionContext;
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #onChange: () => void;

  /** @param onChange a run has come, gone or ended, by whatever hand */
  constructor(context: vscode.ExtensionContext, onChange: () => void) {
    this.#context = context;
    this.#onChange = onChange;
    this.#watch();
    context.subscriptions.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch();
        onChange();
      }),
    );
  }

  all(): string[] {
    const { workspaceFolders = [] } = vscode.workspace;
    const local = workspaceFolders.filter(({ uri }) => uri.scheme === 'file');
    const folders = local.map(({ uri }) => runsFolder(uri.fsPath));
    if (workspaceFolders.length === 0) folders.push(runsFolder(exampleFolder(this.#context).fsPath));
    return [...new Set([...folders, ...this.#others])];
  }

  /** Runs were started there. */
  async add(run: string): Promise<void> {
    const folder = path.dirname(run);
    if (this.all().includes(folder)) return;
    await this.#context.workspaceState.update(othersKey, [...this.#others, folder]);
    this.#watch();
  }

  get #others(): string[] {
    return this.#context.workspaceState.get<string[]>(othersKey, []);
  }

  #watch(): void {
    for (const folder of this.all()) {
      if (this.#watchers.has(folder)) continue;
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '*/run.json');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidCreate(this.#onChange);
      watcher.onDidChange(this.#onChange);
      watcher.onDidDelete(this.#onChange);
      this.#watchers.set(folder, watcher);
    }
  }

  dispose(): void {
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }
}
