// A run's model as its log and folder know it: every parameter with its last norms, every recurrent layer's verdict.
import type { RunLog } from '../../runtime/store/run-log.ts';
import type { RunTensors } from '../../runtime/store/run-tensors.ts';

export interface ParameterFacts {
  /** "encoder.rnn.weight_hh_l0" */
  name: string;
  /** Null where the run's folder does not say. */
  shape: number[] | null;
  /** 2-norms at the last step that was measured whole. */
  norm: number;
  /** Null where it had no gradient at that step. */
  gradient: number | null;
}

export interface ModelFacts {
  step: number;
  parameters: ParameterFacts[];
  /** The modules' classes, by path: "LSTM" of "encoder.rnn". */
  classes: Record<string, string>;
  /** What is said of the gradient's way through a recurrent layer, by "rnn/l0". */
  verdicts: Record<string, string>;
}

const weight = 'weight/';

/** @param tensors null where the folder's own description cannot be read: the norms are the log's */
export function readModel(tensors: RunTensors | null, log: RunLog): ModelFacts {
  const last = log.lastValues();
  const described = [...(tensors?.entries ?? []), ...(tensors?.model?.tensors ?? [])];
  const shapes = new Map(described.map(({ name, shape }) => [name, shape]));
  const parameters: ParameterFacts[] = [];
  let newest = 0;
  for (const [tag, { step, value: norm }] of last) {
    if (!tag.startsWith(weight)) continue;
    const name = tag.slice(weight.length);
    const gradient = last.get(`grad/${name}`);
    newest = Math.max(newest, step);
    parameters.push({
      name,
      shape: shapes.get(name) ?? null,
      norm,
      gradient: gradient?.step === step ? gradient.value : null,
    });
  }
  const verdicts: Record<string, string> = {};
  for (const { kind, text } of log.events(0)) {
    const colon = text.indexOf(': ');
    if (kind === 'verdict' && colon >= 0) verdicts[text.slice(0, colon)] = text.slice(colon + 2);
  }
  const modules = tensors?.model?.modules ?? [];
  const classes = Object.fromEntries(modules.map((module) => [module.path, module.className]));
  return { step: newest, parameters, classes, verdicts };
}
