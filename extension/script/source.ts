// What a Python file's text says about training, without running it: whether it imports torch, its training loops, its
// modules, the files that it needs.
import type { SyntaxNodeRef, Tree } from '@lezer/common';
import { parser } from '@lezer/python';

export interface SourceFacts {
  importsTorch: boolean;
  /** Loops that train: `backward()` or an optimizer's `step()` is called in them, and in no loop further in. */
  trainingLoops: Place[];
  /** Classes that derive from nn.Module. */
  modules: (Place & { name: string })[];
  /** What modules are given in their classes: `self.rnn = ...`. */
  attributes: (Place & { module: string; name: string })[];
  /** Whether running the file does something, or only defines what others use. */
  runs: boolean;
  /** Imported names that may be files beside this one: "model", "utils.data", ".layers". */
  imports: string[];
}

/** A statement's first line, counted from 0, and where it starts in that line. */
export interface Place {
  line: number;
  column: number;
}

/** A parse gives way to others after this long. */
const sliceMilliseconds = 8;
const moduleBases = /(^|[.\s])Module$/;
/** Calls at the top of a file that others import as well: they set something up. */
const preparing =
  /^(torch|np|numpy|random|logging|logger|log|sys|os|warnings|matplotlib|mpl|plt|sns|parser|argparser|print|super)\b/;

/** Reads a file's text in slices, so that nothing else waits for it. */
export async function analyse(text: string): Promise<SourceFacts> {
  const pace = new Pace();
  const tree = await parse(text, pace);
  const reader = new FactReader(text);
  const cursor = tree.cursor();
  do {
    reader.visit(cursor);
    if (pace.isOver) await pace.next();
  } while (cursor.next());
  return reader.finish();
}

/** A text's tree, made in slices. */
export async function parse(text: string, pace = new Pace()): Promise<Tree> {
  const parsing = parser.startParse(text);
  for (;;) {
    const tree = parsing.advance();
    if (tree) return tree;
    if (pace.isOver) await pace.next();
  }
}

/** Work in slices. */
class Pace {
  #end = performance.now() + sliceMilliseconds;

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets others have their turn. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = performance.now() + sliceMilliseconds;
  }
}

interface Around {
  kind: 'loop' | 'function' | 'class';
  from: number;
  to: number;
  /** Of a module's class: its name. */
  module: string | null;
  trains: boolean;
}

/** Sees every node of a file, parents before their children. */
class FactReader {
  readonly #text: string;
  readonly #lines: LineTable;
  readonly #facts: SourceFacts = {
    importsTorch: false,
    trainingLoops: [],
    modules: [],
    attributes: [],
    runs: false,
    imports: [],
  };
  readonly #moduleNames = new Set<string>();
  /** The loops, functions and classes around the place that is read. */
  readonly #around: Around[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineTable(text);
  }

  visit(node: SyntaxNodeRef): void {
    this.#leave(node.from);
    const text = () => this.#text.slice(node.from, node.to);
    switch (node.name) {
      case 'ImportStatement': {
        const names = importedNames(text());
        this.#facts.imports.push(...names);
        this.#facts.importsTorch ||= names.some((name) => /^torch(\.|$)/.test(name));
        return;
      }
      case 'ClassDefinition':
        this.#enter(node, 'class', this.#class(node));
        return;
      case 'FunctionDefinition':
      case 'LambdaExpression':
        this.#enter(node, 'function');
        return;
      case 'ForStatement':
      case 'WhileStatement':
        this.#enter(node, 'loop');
        return;
      case 'AssignStatement':
        this.#assignment(text(), node.from);
        return;
      case 'CallExpression': {
        const innermost = this.#around.at(-1);
        if (innermost?.kind === 'loop' && isTrainingCall(text())) innermost.trains = true;
        return;
      }
      case 'ExpressionStatement':
        this.#facts.runs ||= isCallAtTop(node) && !preparing.test(text());
        return;
    }
  }

  finish(): SourceFacts {
    this.#leave(Infinity);
    const { trainingLoops } = this.#facts;
    trainingLoops.sort((a, b) => a.line - b.line);
    this.#facts.runs ||= trainingLoops.some(({ column }) => column === 0);
    return this.#facts;
  }

  /** Closes the loops and functions that end before a place. */
  #leave(at: number): void {
    for (let last = this.#around.at(-1); last && last.to <= at; last = this.#around.at(-1)) {
      this.#around.pop();
      if (last.trains) this.#facts.trainingLoops.push(this.#lines.place(last.from));
    }
  }

  #enter({ from, to }: SyntaxNodeRef, kind: Around['kind'], module: string | null = null): void {
    this.#around.push({ from, to, kind, module, trains: false });
  }

  /** `self.name = ...` in a module's class. */
  #assignment(text: string, from: number): void {
    const [, name] = /^self\s*\.\s*(\w+)\s*(?::[^=]*)?=(?!=)/.exec(text) ?? [];
    const module = this.#around.findLast(({ kind }) => kind === 'class')?.module ?? null;
    if (name !== undefined && module !== null) {
      this.#facts.attributes.push({ module, name, ...this.#lines.place(from) });
    }
  }

  /** @returns the class's name where it is a module */
  #class(node: SyntaxNodeRef): string | null {
    const child = (kind: string) => {
      const found = node.node.getChild(kind);
      return found ? this.#text.slice(found.from, found.to) : null;
    };
    const name = child('VariableName');
    const bases = (child('ArgList') ?? '')
      .slice(1, -1)
      .split(',')
      .map((base) => base.trim());
    const isModule = bases.some((base) => moduleBases.test(base) || this.#moduleNames.has(base));
    if (name === null || !isModule) return null;
    this.#moduleNames.add(name);
    this.#facts.modules.push({ name, ...this.#lines.place(node.from) });
    return name;
  }
}

/** `loss.backward()`, `optimizer.step(...)`, `opt_g.step()`: a schedule's step trains nothing, nor does a game's. */
function isTrainingCall(call: string): boolean {
  const callee = /^([\s\S]*?)\.\s*(backward|step)\s*\(/.exec(call);
  if (!callee) return false;
  return (
    callee[2] === 'backward' || /(^|[\W_])opt(im|imi[sz]er)?s?(_\w*)?(\[[^\]]*\])?$/i.test(callee[1] ?? '')
  );
}

/** The modules that an import statement names, relative ones with their dots; `from . import a` names `.a`. */
export function importedNames(statement: string): string[] {
  const plain = statement.replace(/[()\\]|#.*$/gm, ' ').replace(/\s+/g, ' ');
  const list = (names: string) =>
    names
      .split(',')
      .map((name) => name.trim().split(' ')[0] ?? '')
      .filter((name) => name !== '' && name !== '*');
  const from = /^from ?([.\w ]+?) import (.*)$/.exec(plain);
  if (!from) return list(plain.replace(/^import /, ''));
  const module = (from[1] ?? '').replaceAll(' ', '');
  const joint = module.endsWith('.') ? '' : '.';
  // What is imported from a package may be a file of its own.
  return [module, ...list(from[2] ?? '').map((name) => module + joint + name)].filter((name) =>
    /\w/.test(name),
  );
}

/** Whether a statement is a call that is made when the file runs: at the top, or in an `if`, `with`, `try` or loop there. */
function isCallAtTop(node: SyntaxNodeRef): boolean {
  if (node.node.firstChild?.name !== 'CallExpression') return false;
  for (let at = node.node.parent; at; at = at.parent) {
    if (/^(FunctionDefinition|ClassDefinition|LambdaExpression)$/.test(at.name)) return false;
  }
  return true;
}

/** From places in a text to lines and columns. */
export class LineTable {
  readonly #starts = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  place(offset: number): Place {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, column: offset - (this.#starts[low] ?? 0) };
  }
}
