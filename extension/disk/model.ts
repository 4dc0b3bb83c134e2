// A run's model as its log and snapshot know it: every parameter with its last norms, every recurrent layer's verdict.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunLog } from '../../runtime/store/run-log.ts';
import { snapshotName } from '../../runtime/store/run-folder.ts';
import { SafetensorsFile } from '../../runtime/store/safetensors.ts';

export interface ParameterFacts {
  /** "encoder.rnn.weight_hh_l0" */
  name: string;
  /** Null where the run has left no snapshot yet. */
  shape: number[] | null;
  /** 2-norms at the last step that was measured whole. */
  norm: number;
  /** Null where it had no gradient at that step. */
  gradient: number | null;
}

export interface ModelFacts {
  step: number;
  parameters: ParameterFacts[];
  /** What is said of the gradient's way through a recurrent layer, by "rnn/l0". */
  verdicts: Record<string, string>;
}

const weight = 'weight/';

export function readModel(folder: string, log: RunLog): ModelFacts {
  const last = log.lastValues();
  const shapes = readShapes(path.join(folder, snapshotName));
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
  return { step: newest, parameters, verdicts };
}

/** Of every tensor in a snapshot; none where there is no snapshot that can be read. */
function readShapes(file: string): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  if (!existsSync(file)) return shapes;
  try {
    const snapshot = new SafetensorsFile(file);
    for (const { name, shape } of snapshot.tensors.values()) shapes.set(name, shape);
    snapshot.close();
  } catch {
    // A damaged snapshot has no shapes to tell; the norms are the log's.
  }
  return shapes;
}
