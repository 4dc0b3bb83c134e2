// What of a model can be looked at: its modules and their tensors in the model's own order.
import type { ModelInfo, TensorKind } from '../../protocol/inspect.ts';
import type { Owner } from './axes.ts';

export interface Choice {
  /** A tensor's name or a module's path: what questions name. */
  name: string;
  kind: 'parameter' | 'buffer' | 'module' | 'variable';
  /** Of a tensor its shape, of a module its class. */
  note: string;
  /** The module that a tensor belongs to. */
  owner: Owner | null;
  /** The name under which a shared tensor came before. */
  sameAs: string | null;
}

/** What can be asked of a choice, the first being what is shown at first. */
export const kindsOf: Record<Choice['kind'], readonly TensorKind[]> = {
  parameter: ['parameter', 'gradient', 'update'],
  buffer: ['buffer'],
  module: ['activation'],
  variable: ['variable'],
};

/** @param names the parameters that the run's series name: all there is where nothing is known of the model */
export function choicesOf(model: ModelInfo | null, names: readonly string[]): Choice[] {
  if (!model) {
    return names.map((name) => ({ name, kind: 'parameter', note: '', owner: null, sameAs: null }));
  }
  const classes = new Map(model.modules.map(({ path, className }) => [path, className]));
  const hidden = new Map(
    model.tensors
      .filter(({ name, shape }) => /(^|\.)weight_hh(_l\d+(_reverse)?)?$/.test(name) && shape.length === 2)
      .map(({ name, shape }) => [moduleOf(name), shape[1] as number]),
  );
  const tensors = new Map<string, Choice[]>();
  for (const { name, kind, shape, sameAs } of model.tensors) {
    const path = moduleOf(name);
    const className = classes.get(path);
    const attribute = name.slice(path === '' ? 0 : path.length + 1);
    const owner = className === undefined ? null : { className, attribute, hidden: hidden.get(path) ?? null };
    const list = tensors.get(path) ?? [];
    list.push({ name, kind, note: `[${shape.join(', ')}]`, owner, sameAs });
    tensors.set(path, list);
  }
  const choices: Choice[] = [];
  for (const { path, className } of model.modules) {
    choices.push({ name: path, kind: 'module', note: className, owner: null, sameAs: null });
    choices.push(...(tensors.get(path) ?? []));
    tensors.delete(path);
  }
  // Of no module: a script that keeps its weights itself.
  return [...choices, ...[...tensors.values()].flat()];
}

/** @returns those whose name or class holds the words */
export function matching(choices: readonly Choice[], filter: string): Choice[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return [...choices];
  return choices.filter(({ name, note, kind }) =>
    (kind === 'module' ? `${name} ${note}` : name).toLowerCase().includes(wanted),
  );
}

function moduleOf(name: string): string {
  const end = name.lastIndexOf('.');
  return end < 0 ? '' : name.slice(0, end);
}
