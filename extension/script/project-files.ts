// The Python files of a folder and what each says about training: read once, and again when they have changed.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Project } from './choice.ts';
import { analyse, type SourceFacts } from './source.ts';

/** Files and folders past these are not looked at. */
const maxFiles = 1000;
const maxFolders = 1000;
const maxBytes = 1_000_000;
/** Folders that hold others' code, or none. */
const notSearched = /^(\..*|node_modules|venv|env|site-packages|__pycache__|build|dist)$/;

export class ProjectFiles {
  /** By path; a version that differs is read again. */
  readonly #facts = new Map<string, { version: string; facts: SourceFacts | null }>();
  /** The files on disk, by folder, until one comes or goes. */
  readonly #listed = new Map<string, Promise<vscode.Uri[]>>();
  /** Files on disk are read again where this differs. */
  readonly #changes = new Map<string, number>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.py');

  constructor() {
    this.#watcher.onDidChange(({ fsPath }) =>
      this.#changes.set(fsPath, (this.#changes.get(fsPath) ?? 0) + 1),
    );
    for (const event of [this.#watcher.onDidCreate, this.#watcher.onDidDelete]) {
      event(({ fsPath }) => {
        this.#changes.set(fsPath, (this.#changes.get(fsPath) ?? 0) + 1);
        this.#listed.clear();
      });
    }
  }

  dispose(): void {
    this.#watcher.dispose();
  }

  /** What an open document says. */
  async ofDocument(document: vscode.TextDocument): Promise<SourceFacts> {
    const { uri, version } = document;
    const read = () => Promise.resolve(document.getText());
    const facts = await this.#analysed(uri.fsPath, `open ${version}`, read);
    if (!facts) throw new Error(`${uri.fsPath} was not read`);
    return facts;
  }

  /** Everything known of a folder's files, and of `also` with its neighbours where that lies outside. */
  async project(folder: vscode.WorkspaceFolder | undefined, also: string | null): Promise<Project> {
    const files = folder ? [...(await this.#list(folder.uri))] : [];
    if (also !== null && !files.some(({ fsPath }) => fsPath === also)) {
      files.push(...(await pythonFiles(vscode.Uri.file(path.dirname(also)), 1)));
    }
    const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.fsPath, document]));
    const project = new Map<string, SourceFacts>();
    for (const uri of files) {
      const document = open.get(uri.fsPath);
      const facts = await (document ? this.ofDocument(document) : this.#onDisk(uri));
      if (facts) project.set(uri.fsPath, facts);
    }
    return project;
  }

  /** The files read so far that import torch. */
  withTorch(): string[] {
    return [...this.#facts].filter(([, { facts }]) => facts?.importsTorch === true).map(([file]) => file);
  }

  #list(folder: vscode.Uri): Promise<vscode.Uri[]> {
    let listed = this.#listed.get(folder.fsPath);
    if (!listed) this.#listed.set(folder.fsPath, (listed = pythonFiles(folder, maxFolders)));
    return listed;
  }

  #onDisk(uri: vscode.Uri): Promise<SourceFacts | null> {
    return this.#analysed(uri.fsPath, `disk ${this.#changes.get(uri.fsPath) ?? 0}`, async () => {
      const { size } = await vscode.workspace.fs.stat(uri);
      return size > maxBytes ? null : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    });
  }

  async #analysed(
    file: string,
    version: string,
    read: () => Promise<string | null>,
  ): Promise<SourceFacts | null> {
    const known = this.#facts.get(file);
    if (known?.version === version) return known.facts;
    let facts: SourceFacts | null = null;
    try {
      const text = await read();
      if (text !== null) facts = await analyse(text);
    } catch {
      // Gone since it was listed, or not ours to read: no script of ours.
    }
    this.#facts.set(file, { version, facts });
    return facts;
  }
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
