// What stands in a Python file under the mouse, as far as a run can know it: an attribute, a variable, a call, a name.
import type { SyntaxNode, Tree } from '@lezer/common';

export interface CodeSymbol {
  /** The part of the text that it covers. */
  from: number;
  to: number;
  /** "self.rnn.weight" is ["self", "rnn", "weight"] up to the part under the mouse; a variable is its name alone. */
  chain: string[];
  /** The class that the place is in, the innermost: "RNNModel". */
  className: string | null;
  /** The function that the place is in, as Python qualifies it: "train", "Model.forward"; null at the top of the file. */
  functionName: string | null;
  /** Where what it names would be made: of "nn.LSTM" in `nn.LSTM(3, 4)` its own place, of "h" in `h = f(x)` the statement. */
  made: { as: 'callee' | 'target'; from: number; to: number } | null;
  /** Of a variable: whether the function that the place is in gives it a value, so that it is no global. */
  isLocal: boolean;
  /** Of a string: what it says; the chain is empty. */
  text: string | null;
}

/** Null where there is nothing that a tensor or module could be. */
export function symbolAt(text: string, tree: Tree, offset: number): CodeSymbol | null {
  const node = tree.resolveInner(offset, 1);
  const symbol = nameAt(text, node);
  if (!symbol) return null;
  return { ...symbol, ...surroundings(text, node) };
}

type Name = Pick<CodeSymbol, 'from' | 'to' | 'chain' | 'made' | 'isLocal' | 'text'>;

function nameAt(text: string, node: SyntaxNode): Name | null {
  const slice = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  switch (node.name) {
    case 'PropertyName': {
      const member = node.parent;
      if (member?.name !== 'MemberExpression') return null;
      const chain = chainOf(slice, member);
      return (
        chain && { from: member.from, to: member.to, chain, made: madeBy(member), isLocal: false, text: null }
      );
    }
    case 'VariableName':
      if (isDeclaration(node)) return null;
      return {
        ...{ from: node.from, to: node.to, chain: [slice(node)], text: null },
        ...{ made: madeBy(node), isLocal: isLocal(text, node) },
      };
    case 'String': {
      const said = /^[rbu]*(['"])([\w.]+)\1$/i.exec(slice(node))?.[2];
      return said === undefined
        ? null
        : { from: node.from, to: node.to, chain: [], made: null, isLocal: false, text: said };
    }
    default:
      return null;
  }
}

/** The names of `a.b.c`, whole numbers in brackets among them (`self.layers[0]`); null where something is computed. */
function chainOf(slice: (node: SyntaxNode) => string, node: SyntaxNode): string[] | null {
  if (node.name === 'VariableName') return [slice(node)];
  if (node.name !== 'MemberExpression') return null;
  const [base, last] = [node.firstChild, node.lastChild];
  const before = base && chainOf(slice, base);
  if (!before || !last) return null;
  if (last.name === 'PropertyName') return [...before, slice(last)];
  const index = /^\[\s*(\d+)\s*\]$/.exec(slice(node).slice(base.to - node.from))?.[1];
  return index === undefined ? null : [...before, index];
}

function madeBy(node: SyntaxNode): CodeSymbol['made'] {
  const { parent, from } = node;
  if (parent?.name === 'CallExpression' && parent.firstChild?.from === from)
    return { as: 'callee', from, to: from };
  const statement = outOfTuples(node).parent;
  if (statement?.name !== 'AssignStatement' || !isTarget(node)) return null;
  return { as: 'target', from: statement.from, to: statement.to };
}

/** The name of a function or class, an import, an argument's keyword: no value that a run could have. */
function isDeclaration(node: SyntaxNode): boolean {
  const parent = node.parent?.name;
  if (parent === 'FunctionDefinition' || parent === 'ClassDefinition' || parent === 'ImportStatement')
    return true;
  return parent === 'ArgList' && node.nextSibling?.name === 'AssignOp';
}

/** The class and the function that a place is in. */
export function surroundings(text: string, node: SyntaxNode): Pick<CodeSymbol, 'className' | 'functionName'> {
  let className: string | null = null;
  const names: string[] = [];
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    const isClass = at.name === 'ClassDefinition';
    if (!isClass && at.name !== 'FunctionDefinition') continue;
    const name = at.getChild('VariableName');
    // Decorators and bases are run outside.
    const inside = at.getChild('ParamList') ?? at.getChild('Body');
    if (!name || !inside || node.from < inside.from) continue;
    const own = text.slice(name.from, name.to);
    if (isClass) className ??= own;
    names.unshift(own, isClass ? '' : '<locals>');
  }
  const isInFunction = names.at(-1) === '<locals>';
  names.pop();
  return { className, functionName: isInFunction ? names.filter((name) => name !== '').join('.') : null };
}

/** Whether the innermost function around a variable gives it a value. */
function isLocal(text: string, node: SyntaxNode): boolean {
  const name = text.slice(node.from, node.to);
  let around: SyntaxNode | null = node;
  while (around && !hasOwnNames(around)) around = around.parent;
  let found = false;
  around?.cursor().iterate((at) => {
    if (at.name === 'VariableName' && text.slice(at.from, at.to) === name) found ||= isTarget(at.node);
    return !found;
  });
  return found;
}

/** A function, or a comprehension. */
function hasOwnNames(node: SyntaxNode): boolean {
  if (node.name === 'FunctionDefinition' || node.name === 'LambdaExpression') return true;
  return node.name !== 'ForStatement' && node.getChild('for') !== null;
}

/** Whether a value is given to the name here: by an assignment, a loop, an argument. */
function isTarget(name: SyntaxNode): boolean {
  const node = outOfTuples(name);
  const after = (what: string) => node.parent?.getChildren(what).some(({ from }) => from >= node.to) ?? false;
  const before = (what: string) => node.parent?.getChildren(what).some(({ to }) => to <= node.from) ?? false;
  switch (node.parent?.name) {
    case 'ParamList':
      return node.prevSibling?.name !== 'AssignOp';
    case 'AssignStatement':
    case 'NamedExpression':
      return after('AssignOp');
    case 'UpdateStatement':
      return after('UpdateOp');
    case 'WithStatement':
    case 'TryStatement':
      return node.prevSibling?.name === 'as';
    case 'ImportStatement':
      return true;
    default:
      // A loop's, or a comprehension's.
      return before('for') && after('in');
  }
}

/** The whole of the left of `(a, b), c = ...`. */
function outOfTuples(node: SyntaxNode): SyntaxNode {
  let whole = node;
  while (whole.parent && /^(Tuple|Array|Parenthesized)Expression$/.test(whole.parent.name))
    whole = whole.parent;
  return whole;
}
