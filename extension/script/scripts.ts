// The scripts of the open folders that train, and which of them is meant.
import path from 'node:path';
import * as vscode from 'vscode';
import { plain } from '../plain.ts';
import { candidates, chooseScript, type Choice, trains } from './choice.ts';
import type { ProjectFiles } from './project-files.ts';
import type { SourceFacts } from './source.ts';

const lastScriptKey = 'lastScript';

export class Scripts {
  readonly #files: ProjectFiles;
  readonly #memory: vscode.Memento;

  constructor(files: ProjectFiles, memory: vscode.Memento) {
    this.#files = files;
    this.#memory = memory;
  }

  /** What an open document says. */
  facts(document: vscode.TextDocument): Promise<SourceFacts> {
    return this.#files.ofDocument(document);
  }

  get last(): string | null {
    return this.#memory.get<string>(lastScriptKey) ?? null;
  }
  async remember(file: string): Promise<void> {
    await this.#memory.update(lastScriptKey, file);
  }

  /** The files read so far that import torch. */
  torchFiles(): string[] {
    return this.#files.withTorch();
  }

  async trains(file: string): Promise<boolean> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
    return trains(await this.#files.project(folder, file), file);
  }

  /** The scripts of a folder that train. */
  async candidates(folder: vscode.WorkspaceFolder | undefined): Promise<string[]> {
    return candidates(await this.#files.project(folder, null));
  }

  /** The script that is meant, where nobody need be asked. */
  async guess(folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
    const choice = await this.#choice(folder);
    return choice.kind === 'script' ? choice.file : null;
  }

  /** The script that is meant; null where the person has chosen none, or has been told that there is none. */
  async choose(folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
    const choice = await this.#choice(folder);
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

  /**
   * Where a parameter or module was made: "encoder.rnn.weight" where some module is given an `rnn`, or an `encoder`; in the
   * script's own file and folder first. Null where no source says so.
   */
  async definition(script: string, parameter: string): Promise<vscode.Location | null> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(script));
    const project = [...(await this.#files.project(folder, script))];
    const nearness = (file: string) =>
      Number(file === script) * 2 + Number(path.dirname(file) === path.dirname(script));
    project.sort(([a], [b]) => nearness(b) - nearness(a));
    for (const part of parameter.split('.').reverse()) {
      for (const [file, { attributes }] of project) {
        const found = attributes.find(({ name }) => name === part);
        if (found)
          return new vscode.Location(vscode.Uri.file(file), new vscode.Position(found.line, found.column));
      }
    }
    return null;
  }

  async #choice(folder: vscode.WorkspaceFolder | undefined): Promise<Choice> {
    const active = activeFile();
    return chooseScript(await this.#files.project(folder, active), active, this.last);
  }
}

/** The Python file in front, if it is on disk. */
function activeFile(): string | null {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'python' && document.uri.scheme === 'file' ? document.uri.fsPath : null;
}

async function pick(files: string[], folder: vscode.WorkspaceFolder | undefined): Promise<string | null> {
  const items = files.map((file) => ({
    label: plain(path.basename(file)),
    description: plain(folder ? path.relative(folder.uri.fsPath, path.dirname(file)) : path.dirname(file)),
    file,
  }));
  const title = vscode.l10n.t('Train with which script?');
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.file ?? null;
}
