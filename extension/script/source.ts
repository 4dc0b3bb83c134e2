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
  return factsOf(text, await parse(text));
}

export async function parse(text: string): Promise<Tree> {
  const parsing = parser.startParse(text);
  for (;;) {
    const end = performance.now() + sliceMilliseconds;
    while (performance.now() < end) {
      const tree = parsing.advance();
      if (tree) return tree;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function factsOf(text: string, tree: Tree): SourceFacts {
  const lines = new LineTable(text);
  const facts: SourceFacts = {
    importsTorch: false,
    trainingLoops: [],
    modules: [],
    runs: false,
    imports: [],
  };
  const moduleNames = new Set<string>();
  /** The loops around the place that is read; null where a function starts inside one. */
  const loops: ({ from: number; trains: boolean } | null)[] = [];
  const slice = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  tree.iterate({
    enter(node) {
      switch (node.name) {
        case 'ImportStatement': {
          const names = importedNames(slice(node));
          facts.imports.push(...names);
          if (names.some((name) => name === 'torch' || name.startsWith('torch.'))) facts.importsTorch = true;
          return;
        }
        case 'ClassDefinition': {
          const name = childText(node, 'VariableName', text);
          const bases = childText(node, 'ArgList', text)?.slice(1, -1).split(',') ?? [];
          if (
            name !== null &&
            bases.some((base) => moduleBases.test(base.trim()) || moduleNames.has(base.trim()))
          ) {
            moduleNames.add(name);
            facts.modules.push({ name, ...lines.place(node.from) });
          }
          return;
        }
        case 'FunctionDefinition':
        case 'LambdaExpression':
          loops.push(null);
          return;
        case 'ForStatement':
        case 'WhileStatement':
          loops.push({ from: node.from, trains: false });
          return;
        case 'CallExpression': {
          const loop = loops.at(-1);
          if (loop && isTrainingCall(slice(node))) loop.trains = true;
          return;
        }
        case 'ExpressionStatement':
          if (!facts.runs) facts.runs = isCallAtTop(node) && !preparing.test(slice(node));
          return;
      }
    },
    leave(node) {
      switch (node.name) {
        case 'FunctionDefinition':
        case 'LambdaExpression':
          loops.pop();
          return;
        case 'ForStatement':
        case 'WhileStatement': {
          const loop = loops.pop();
          if (loop?.trains === true) facts.trainingLoops.push(lines.place(loop.from));
          return;
        }
      }
    },
  });
  facts.trainingLoops.sort((a, b) => a.line - b.line);
  facts.runs ||= facts.trainingLoops.some(({ column }) => column === 0);
  return facts;
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

function childText(node: SyntaxNodeRef, kind: string, text: string): string | null {
  const child = node.node.getChild(kind);
  return child ? text.slice(child.from, child.to) : null;
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
