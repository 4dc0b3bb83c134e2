// Looks into a run's tensors for its hosts: asks the trainer, waits a moment, and answers with what there is by then.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ModelInfo,
  TensorAnswer,
  TensorQuestion,
  TensorReading,
  VariableInfo,
} from '../../protocol/inspect.ts';
import type { EngineControl } from '../addon.ts';

/** A hover is to be there within 100 ms. */
const patienceMilliseconds = 80;
const pollMilliseconds = 2;
/** Questions whose last answers are kept. */
const maxKept = 64;

/** The list of the script's variables, as a question. */
const allVariables: TensorQuestion = {
  kind: 'variable',
  name: '',
  part: null,
  histogram: null,
  picture: null,
  cells: false,
};

interface Kept {
  /** Of a question that has not been answered. */
  ticket: number | null;
  reading: TensorReading | null;
}

export class Inspector {
  readonly #addon: EngineControl;
  /** By question, the longest unasked first. */
  readonly #kept = new Map<string, Kept>();
  #model: ModelInfo | null = null;
  /** Of tensors that several modules share: other names to the one under which the engine has them. */
  #firstNames = new Map<string, string>();

  constructor(addon: EngineControl) {
    this.#addon = addon;
  }

  async inspect(asked: TensorQuestion): Promise<TensorAnswer> {
    this.model();
    const question = { ...asked, name: this.#firstNames.get(asked.name) ?? asked.name };
    const kept = this.#keep(JSON.stringify(question));
    // Under way already, for another host or since the last time: its answer is good.
    kept.ticket ??= this.#addon.ask(question);
    const { ticket } = kept;
    // By the clock: where training has every core, each of these sleeps is longer than it says.
    const deadline = performance.now() + patienceMilliseconds;
    while (kept.ticket === ticket && performance.now() < deadline) {
      const reading = this.#addon.answer(ticket);
      if (reading) {
        kept.ticket = null;
        kept.reading = reading;
      } else await sleep(pollMilliseconds);
    }
    const state = kept.ticket !== ticket ? 'fresh' : kept.reading ? 'older' : 'waiting';
    return { state, reading: kept.reading };
  }

  async variables(): Promise<{ step: number; variables: VariableInfo[] } | null> {
    const { reading } = await this.inspect(allVariables);
    const said = reading && this.#addon.description('variables', 0);
    return said && { step: reading.step, variables: JSON.parse(said.text) as VariableInfo[] };
  }

  /** The model as it is known now; the same object until there is another. */
  model(): ModelInfo | null {
    const said = this.#addon.description('model', this.#model?.version ?? 0);
    if (said) {
      const parts = JSON.parse(said.text) as Pick<ModelInfo, 'modules' | 'tensors'>;
      this.#model = { version: said.version, ...parts, files: fingerprints(parts) };
      this.#firstNames = new Map(
        parts.tensors.flatMap(({ name, sameAs }) => (sameAs === null ? [] : [[name, sameAs] as const])),
      );
    }
    return this.#model;
  }

  #keep(key: string): Kept {
    const kept = this.#kept.get(key) ?? { ticket: null, reading: null };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const [oldest, { ticket }] of this.#kept) {
      if (this.#kept.size <= maxKept) break;
      if (ticket !== null) this.#addon.forget(ticket);
      this.#kept.delete(oldest);
    }
    return kept;
  }
}

/** The files that the model names, as they are now. */
function fingerprints({ modules, tensors }: Pick<ModelInfo, 'modules' | 'tensors'>): ModelInfo['files'] {
  const named = [
    ...modules.flatMap(({ file, line }) => [file, line?.file]),
    ...tensors.map(({ line }) => line?.file),
  ];
  const files = [...new Set(named)].filter((file) => typeof file === 'string').sort();
  return files.flatMap((file) => {
    try {
      return [{ file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }];
    } catch {
      return []; // generated code, or a file that is gone: nothing to compare with later
    }
  });
}
