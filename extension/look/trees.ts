// The trees of open Python files, parsed once a version.
import type { Tree } from '@lezer/common';
import type * as vscode from 'vscode';
import { parse } from '../script/source.ts';

/** Trees kept, the longest unused let go of first. */
const maxKept = 4;

export class Trees {
  readonly #kept = new Map<string, { version: number; tree: Promise<Tree> }>();

  of(document: vscode.TextDocument): Promise<Tree> {
    const key = document.uri.toString();
    const { version } = document;
    const known = this.#kept.get(key);
    const entry = known?.version === version ? known : { version, tree: parse(document.getText()) };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= maxKept) break;
      this.#kept.delete(oldest);
    }
    return entry.tree;
  }
}
