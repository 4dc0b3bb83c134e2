// From what stands in the code to what the run has: modules, their tensors, the script's variables.
import type { ModelInfo, ModuleInfo, TensorInfo, VariableInfo } from '../../protocol/inspect.ts';
import type { CodeSymbol } from './symbols.ts';

export interface Found {
  /** Every instance: a class may be used several times. */
  modules: ModuleInfo[];
  tensors: TensorInfo[];
  variable: VariableInfo | null;
}

/** @param file the code's file, @param lineOf the line of a place in it, from 1 */
export function lookUp(
  symbol: CodeSymbol,
  file: string,
  lineOf: (offset: number) => number,
  model: ModelInfo,
  variables: readonly VariableInfo[],
): Found {
  const { chain, text, made } = symbol;
  if (text !== null) return { ...named(model, text), variable: null };
  const [root = '', ...rest] = chain;
  if (root === 'self') return { ...ofClass(symbol, file, rest, model), variable: null };
  const modules = made ? madeAt(model, file, lineOf(made.from), lineOf(made.to)) : [];
  const meant = made?.as === 'target' ? outermost(modules) : ofCallee(modules, chain);
  if (meant.length > 0) return { modules: meant, tensors: [], variable: null };
  if (rest.length > 0) return { ...named(model, rest.join('.')), variable: null };
  return { modules: [], tensors: [], variable: variableOf(symbol, variables) };
}

/** `self.rnn` in a class: the attribute of each of its instances. `self` itself: the instances. */
function ofClass(
  { className }: CodeSymbol,
  file: string,
  rest: readonly string[],
  model: ModelInfo,
): Pick<Found, 'modules' | 'tensors'> {
  const owners = model.modules.filter(
    (module) =>
      (module.className === className || module.className.endsWith(`.${className ?? ''}`)) &&
      (module.file === null || module.file === file),
  );
  if (rest.length === 0) return { modules: owners, tensors: [] };
  const paths = new Set(owners.map(({ path }) => joined(path, rest.join('.'))));
  return {
    modules: model.modules.filter(({ path }) => paths.has(path)),
    tensors: model.tensors.filter(({ name }) => paths.has(name)),
  };
}

/** What bears the name, or ends with it where nothing does. */
function named(model: ModelInfo, name: string): Pick<Found, 'modules' | 'tensors'> {
  const having = (isIt: (path: string) => boolean) => ({
    modules: model.modules.filter(({ path }) => isIt(path)),
    tensors: model.tensors.filter((tensor) => isIt(tensor.name)),
  });
  const exact = having((path) => path === name);
  return exact.modules.length + exact.tensors.length > 0
    ? exact
    : having((path) => path.endsWith(`.${name}`));
}

/** The modules that lines made. */
function madeAt({ modules }: ModelInfo, file: string, from: number, to: number): ModuleInfo[] {
  return modules.filter(
    ({ line }) => line !== null && line.file === file && line.line >= from && line.line <= to,
  );
}

/** Those that are no part of another of them. */
function outermost(modules: readonly ModuleInfo[]): ModuleInfo[] {
  return modules.filter(
    ({ path }) => !modules.some((other) => other.path !== path && path.startsWith(joined(other.path, ''))),
  );
}

/** Of the modules that a line made, those whose class is called; `getattr(nn, kind)(...)` may be any. */
function ofCallee(modules: readonly ModuleInfo[], chain: readonly string[]): ModuleInfo[] {
  const name = chain.at(-1);
  if (name === 'getattr') return [...modules];
  return modules.filter(({ className }) => className.slice(className.lastIndexOf('.') + 1) === name);
}

/** A variable of the function that the place is in, of those around it, or of the script. */
function variableOf(
  { chain, functionName, isLocal }: CodeSymbol,
  variables: readonly VariableInfo[],
): VariableInfo | null {
  const own = (name: string | null) =>
    variables.find(({ variable, ...known }) => variable === chain[0] && known.function === name) ?? null;
  const found = own(functionName);
  if (found || isLocal) return found;
  for (let name = functionName; name !== null;) {
    const outer = name.lastIndexOf('.<locals>.');
    name = outer < 0 ? null : name.slice(0, outer);
    const there = own(name);
    if (there) return there;
  }
  return null;
}

export function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/**
 * A module's own tensors, of one that has none those of its parts; the one to look at first before the others: the
 * recurrent weight, a weight, the largest.
 */
export function tensorsOf(model: ModelInfo, { path }: ModuleInfo): TensorInfo[] {
  const own = model.tensors.filter(({ name }) => name.slice(0, Math.max(0, name.lastIndexOf('.'))) === path);
  const all = own.length > 0 ? own : model.tensors.filter(({ name }) => name.startsWith(joined(path, '')));
  return all.sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
}

function rank({ name, kind }: TensorInfo): number {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const order = [/^weight_hh/, /^weight$/, /^weight/];
  const place = order.findIndex((pattern) => pattern.test(last));
  return (kind === 'buffer' ? 10 : 0) + (place < 0 ? order.length : place);
}

function size({ shape }: TensorInfo): number {
  return shape.reduce((product, n) => product * n, 1);
}
