// The hierarchy of modules that the parameters' names spell, and what is wrong where.
import * as l10n from '@vscode/l10n';
import { number } from '../../runtime/cli/format.ts';
import type { ModelFacts, ParameterFacts } from '../disk/model.ts';

export interface ModelNode {
  /** "encoder.rnn" or "encoder.rnn.weight_hh_l0": unique. */
  path: string;
  /** The last part of the path. */
  name: string;
  children: ModelNode[];
  /** Of a parameter. */
  parameter: ParameterFacts | null;
  /** Of a module whose class is known. */
  className: string | null;
  /** What is wrong here or, where `isBelow`, further down. */
  warning: { says: string; isBelow: boolean } | null;
  /** Of a module with recurrent layers: what is said of each. */
  verdicts: string[];
}

export function modelNodes({ parameters, classes, verdicts }: ModelFacts): ModelNode[] {
  const root = newNode('', '');
  const byPath = new Map([['', root]]);
  const nodeAt = (path: string): ModelNode => {
    const known = byPath.get(path);
    if (known) return known;
    const dot = path.lastIndexOf('.');
    const node = newNode(path, path.slice(dot + 1));
    node.className = classes[path] ?? null;
    byPath.set(path, node);
    nodeAt(dot < 0 ? '' : path.slice(0, dot)).children.push(node);
    return node;
  };
  for (const parameter of parameters) {
    const node = nodeAt(parameter.name);
    node.parameter = parameter;
    const says = wrongWith(parameter);
    if (says !== null) node.warning = { says, isBelow: false };
  }
  for (const [layer, words] of Object.entries(verdicts)) {
    const slash = layer.lastIndexOf('/');
    const node = byPath.get(layer.slice(0, slash)) ?? root;
    node.verdicts.push(`${layer.slice(slash + 1)}: ${words}`);
    if (/^(vanishing|exploding)/.test(words)) node.warning = { says: words, isBelow: false };
  }
  raise(root);
  return root.children;
}

function newNode(path: string, name: string): ModelNode {
  return { path, name, children: [], parameter: null, className: null, warning: null, verdicts: [] };
}

function wrongWith({ shape, norm, gradient }: ParameterFacts): string | null {
  if (shape?.includes(0)) return null;
  if (!Number.isFinite(norm)) return l10n.t('Its values are not finite.');
  if (gradient === null) return l10n.t('It had no gradient at the last step.');
  if (!Number.isFinite(gradient)) return l10n.t('Its gradient is not finite.');
  if (gradient === 0) return l10n.t('Its gradient is zero.');
  return null;
}

/** A module shows that something further down is wrong. */
function raise(node: ModelNode): boolean {
  const below = node.children.filter(raise);
  const [first] = below;
  if (first?.warning && !node.warning)
    node.warning = { says: `${first.name}: ${first.warning.says}`, isBelow: true };
  return node.warning !== null;
}

/** "[1024, 256] · norm 12.31 · gradient 0.0412" */
export function describeParameter({ shape, norm, gradient }: ParameterFacts): string {
  const parts = shape ? [`[${shape.join(', ')}]`] : [];
  parts.push(l10n.t('norm {0}', number(norm)));
  parts.push(gradient === null ? l10n.t('no gradient') : l10n.t('gradient {0}', number(gradient)));
  return parts.join(' · ');
}

/** "LSTM · l0 vanishing", "Linear · 2 parameters" */
export function describeModule(node: ModelNode): string {
  const parts = node.className === null ? [] : [node.className];
  // The rule and the numbers are in the tooltip.
  for (const verdict of node.verdicts) parts.push(verdict.replace(/^([^:]*): ([^:]*):.*$/s, '$1 $2'));
  const count = countParameters(node);
  if (node.verdicts.length === 0)
    parts.push(count === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', count));
  return parts.join(' · ');
}

/** How many parameters a module has, in all. */
export function countParameters(node: ModelNode): number {
  if (node.parameter) return 1;
  return node.children.reduce((sum, child) => sum + countParameters(child), 0);
}
