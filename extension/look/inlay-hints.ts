// Behind an assignment: the shape of what the run has there. `h = self.rnn(x)  # [35, 20, 200]`
import type { SyntaxNode } from '@lezer/common';
import * as vscode from 'vscode';
import type { Runs } from '../run/runs.ts';
import { setting } from '../settings.ts';
import type { Subscription } from '../signal.ts';
import { shapeOf } from './describe.ts';
import type { Looker } from './looker.ts';
import { lookUp } from './lookup.ts';
import { symbolAt } from './symbols.ts';
import type { Trees } from './trees.ts';

/** Shapes change seldom. */
const refreshMilliseconds = 2000;

export class ShapeHints implements vscode.InlayHintsProvider {
  readonly #looker: Looker;
  readonly #trees: Trees;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #subscription: Subscription;
  #timer: NodeJS.Timeout | null = null;

  constructor(looker: Looker, runs: Runs, trees: Trees) {
    this.#looker = looker;
    this.#trees = trees;
    this.#subscription = runs.changed.on(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#changed.fire();
      }, refreshMilliseconds);
    });
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    if (!setting('inlayHints', document.uri)) return [];
    const known = await this.#looker.runFor(document);
    if (!known || known.isStale || token.isCancellationRequested) return [];
    const variables = await this.#looker.variables(known.run.id);
    const tree = await this.#trees.of(document);
    const text = document.getText();
    const lineOf = (offset: number) => document.positionAt(offset).line + 1;
    const byLine = new Map<number, string[]>();
    tree.iterate({
      from: document.offsetAt(range.start),
      to: document.offsetAt(range.end),
      enter: ({ name, node }) => {
        if (name !== 'AssignStatement') return;
        const shapes = targets(node).flatMap((target) => {
          const symbol = symbolAt(text, tree, target.to - 1);
          const found = symbol && lookUp(symbol, document.uri.fsPath, lineOf, known.model, variables);
          const looks = found?.variable ?? found?.tensors[0];
          return looks ? [shapeOf(looks)] : [];
        });
        if (shapes.length > 0) byLine.set(document.positionAt(node.to).line, shapes);
      },
    });
    return [...byLine].map(([line, shapes]) => {
      const hint = new vscode.InlayHint(document.lineAt(line).range.end, `# ${shapes.join(', ')}`);
      hint.paddingLeft = true;
      return hint;
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    if (this.#timer) clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

/** The names on the left of `a, self.b = ...`. */
function targets(assignment: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const end = assignment.getChild('AssignOp')?.from ?? assignment.from;
  assignment.cursor().iterate(({ name, from, to, node }) => {
    if (from >= end) return false;
    const isName = name === 'VariableName' || name === 'MemberExpression';
    if (isName && to <= end) found.push(node);
    return !isName;
  });
  return found;
}
