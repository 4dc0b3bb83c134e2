// Over a name in a Python file: what the run has there, in numbers and one picture.
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TensorQuestion } from '../../protocol/inspect.ts';
import type { Disk } from '../disk/disk.ts';
import { LineTable } from '../script/source.ts';
import { setting } from '../settings.ts';
import { hoverText, type Looked, type Subject } from './hover-text.ts';
import type { KnownRun, Looker } from './looker.ts';
import { type Found, lookUp, tensorsOf } from './lookup.ts';
import { bins, type Theme, themes, tiles } from './picture.ts';
import { symbolAt } from './symbols.ts';
import type { Trees } from './trees.ts';

/** Points of the norm's line. */
const sparkPoints = 160;
/** The line is left out where a long log takes longer. */
const sparkMilliseconds = 60;

export class TensorHover implements vscode.HoverProvider {
  readonly #looker: Looker;
  readonly #disk: Disk;
  readonly #trees: Trees;

  constructor(looker: Looker, disk: Disk, trees: Trees) {
    this.#looker = looker;
    this.#disk = disk;
    this.#trees = trees;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    if (!setting('hover', document.uri)) return null;
    const text = document.getText();
    const symbol = symbolAt(text, await this.#trees.of(document), document.offsetAt(position));
    const known = symbol && (await this.#looker.runFor(document));
    // Asked anew each time: it changes while others are awaited.
    const isOver = () => token.isCancellationRequested;
    if (!known || isOver()) return null;
    const variables = symbol.chain.length === 1 ? await this.#looker.variables(known.run.id) : [];
    const lines = new LineTable(text);
    const lineOf = (offset: number) => lines.place(offset).line + 1;
    const found = lookUp(symbol, document.uri.fsPath, lineOf, known.model, variables);
    const subject = subjectOf(found, known);
    if (!subject || isOver()) return null;
    const looked = await this.#look(found, subject, known);
    if (isOver() || looked.value.reading?.found === false) return null;
    const markdown = new vscode.MarkdownString(hoverText(looked, theme()));
    markdown.isTrusted = { enabledCommands: ['unroll.openTensor', 'unroll.openRun'] };
    const range = new vscode.Range(document.positionAt(symbol.from), document.positionAt(symbol.to));
    // A hover belongs to the line of the mouse.
    return range.isSingleLine ? new vscode.Hover(markdown, range) : new vscode.Hover(markdown);
  }

  async #look(found: Found, subject: Subject, known: KnownRun): Promise<Looked> {
    const { id } = known.run;
    const isParameter = subject.kind === 'parameter';
    const [value, gradient, norms] = await Promise.all([
      this.#looker.inspect(id, whole(subject)),
      isParameter
        ? this.#looker.inspect(id, numbers({ ...subject, kind: 'gradient' }))
        : Promise.resolve(null),
      isParameter ? this.#norms(id, subject.name) : Promise.resolve([]),
    ]);
    const [module] = found.tensors.length > 0 ? [] : found.modules;
    return {
      ...known,
      subject,
      module: module ?? null,
      value,
      gradient,
      norms,
      others: others(found, subject, known),
    };
  }

  async #norms(run: string, parameter: string): Promise<number[]> {
    const norms = this.#disk.call('sample', { run, tag: `weight/${parameter}`, count: sparkPoints });
    return Promise.race([norms, sleep(sparkMilliseconds, [])]);
  }
}

/** The tensor to show of all that a place stands for; null where there is none. */
function subjectOf({ modules: [module], tensors, variable }: Found, { model }: KnownRun): Subject | null {
  const tensor = tensors[0] ?? (module && tensorsOf(model, module)[0]);
  if (tensor) return tensor;
  return variable && { ...variable, kind: 'variable' };
}

/** The module's other tensors, and the other instances of what is meant. */
function others({ modules, tensors }: Found, { name }: Subject, { model }: KnownRun): Subject[] {
  const all = tensors.length > 0 ? tensors : modules.flatMap((module) => tensorsOf(model, module));
  return all.filter((tensor) => tensor.name !== name);
}

function whole({ kind, name }: Subject): TensorQuestion {
  return { kind, name, part: null, histogram: { bins, range: null }, picture: tiles, cells: false };
}

function numbers({ kind, name }: Subject): TensorQuestion {
  return { kind, name, part: null, histogram: null, picture: null, cells: false };
}

function theme(): Theme {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return themes.light;
    case vscode.ColorThemeKind.Dark:
      return themes.dark;
    case vscode.ColorThemeKind.HighContrast:
      return themes.highContrast;
    case vscode.ColorThemeKind.HighContrastLight:
      return themes.highContrastLight;
  }
}
