// The Python files of the open folders: what they say about training, and which of them is meant.
import path from 'node:path';
import * as vscode from 'vscode';
import { candidates, chooseScript, type Project, trains } from './choice.ts';
import { analyse, type SourceFacts } from './source.ts';

/** Files past these are not looked at when a folder is searched for scripts. */
const maxFiles = 1000;
const maxBytes = 1_000_000;
const maxFolders = 1000;
/** Folders that hold others' code, or none. */
const notSearched = /^(\..*|node_modules|venv|env|site-packages|__pycache__|build|dist)$/;
const lastScriptKey = 'lastScript';

export class Scripts {
  readonly #known = new Map<string, { version: string; facts: SourceFacts }>();
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** What an open document says; analysed once a version. */
  async facts(document: vscode.TextDocument): Promise<SourceFacts> {
    return this.#analysed(document.uri.fsPath, `open ${document.version}`, () => document.getText());
  }

  get last(): string | null {
    return this.#memory.get<string>(lastScriptKey) ?? null;
  }
  async remember(file: string): Promise<void> {
    await this.#memory.update(lastScriptKey, file);
  }

  /** The files read so far that import torch. */
  torchFiles(): string[] {
    return [...this.#known].filter(([, { facts }]) => facts.importsTorch).map(([file]) => file);
  }

  async trains(file: string): Promise<boolean> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
    return trains(await this.#project(folder, file), file);
  }

  /** The scripts of a folder that train. */
  async candidates(folder: vscode.WorkspaceFolder | undefined): Promise<string[]> {
    return candidates(await this.#project(folder, null));
  }

  /** The script that is meant, where nobody need be asked. */
  async guess(folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
    const active = activeFile();
    const choice = chooseScript(await this.#project(folder, active), active, this.last);
    return choice.kind === 'script' ? choice.file : null;
  }

  /** The script that is meant; null where the person has chosen none, or has been told that there is none. */
  async choose(folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
    const active = activeFile();
    const project = await this.#project(folder, active);
    const choice = chooseScript(project, active, this.last);
    switch (choice.kind) {
      case 'script':
        return choice.file;
      case 'pick':
        return pick(choice.files, folder);
      case 'none':
        void vscode.window.showInformationMessage(
          vscode.l10n.t('No Python file here trains a model: none calls backward() in a loop.'),
        );
        return null;
    }
  }

  /** Asks which of the folder's scripts to train with. */
  async ask(folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
    const files = await this.candidates(folder);
    return files.length === 0 ? this.choose(folder) : pick(files, folder);
  }

  /** Everything known of the folder's files; those that have changed are read again. */
  async #project(folder: vscode.WorkspaceFolder | undefined, active: string | null): Promise<Project> {
    const project = new Map<string, SourceFacts>();
    const files = folder ? await pythonFiles(folder.uri, maxFolders) : [];
    if (active !== null && !files.some(({ fsPath }) => fsPath === active)) {
      files.push(...(await pythonFiles(vscode.Uri.file(path.dirname(active)), 1)));
    }
    for (const uri of files) {
      const facts = await this.#factsOf(uri);
      if (facts) project.set(uri.fsPath, facts);
    }
    return project;
  }

  async #factsOf(uri: vscode.Uri): Promise<SourceFacts | null> {
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (open) return this.facts(open);
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(uri);
      if (size > maxBytes) return null;
      const known = this.#known.get(uri.fsPath);
      const version = `${mtime} ${size}`;
      if (known?.version === version) return known.facts;
      const bytes = await vscode.workspace.fs.readFile(uri);
      return await this.#analysed(uri.fsPath, version, () => new TextDecoder().decode(bytes));
    } catch {
      return null; // gone since it was listed, or not ours to read: no script of ours
    }
  }

  async #analysed(file: string, version: string, read: () => string): Promise<SourceFacts> {
    const known = this.#known.get(file);
    if (known?.version === version) return known.facts;
    const facts = await analyse(read());
    this.#known.set(file, { version, facts });
    return facts;
  }
}

/** The Python file in front, if it is on disk. */
function activeFile(): string | null {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'python' && document.uri.scheme === 'file' ? document.uri.fsPath : null;
}

/** The Python files in a folder and below, the nearest first, in at most so many folders. */
async function pythonFiles(top: vscode.Uri, folders: number): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const waiting = [top];
  for (let visited = 0; visited < folders && found.length < maxFiles; visited++) {
    const folder = waiting.shift();
    if (!folder) break;
    for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      // A link to a folder may lead back up: not followed.
      if (type === vscode.FileType.Directory && !notSearched.test(name)) waiting.push(uri);
      else if ((type & vscode.FileType.File) !== 0 && name.endsWith('.py')) found.push(uri);
    }
  }
  return found.slice(0, maxFiles);
}

async function pick(files: string[], folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
  const items = files.map((file) => ({
    label: path.basename(file),
    description: folder ? path.relative(folder.uri.fsPath, path.dirname(file)) : path.dirname(file),
    file,
  }));
  const title = vscode.l10n.t('Train with which script?');
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.file ?? null;
}
