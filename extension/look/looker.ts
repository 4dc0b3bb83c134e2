// Looks into the tensors of a run for whoever asks, a page or the editor: a run that goes on through its engine, a
// finished one through its folder.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { ModelInfo, TensorAnswer, TensorQuestion, VariableInfo } from '../../protocol/inspect.ts';
import type { RunSummary } from '../../protocol/view.ts';
import type { Disk } from '../disk/disk.ts';
import type { Controller } from '../run/controller.ts';
import type { Runs } from '../run/runs.ts';

/** Recorded runs that are asked whether they know a file, the newest first. */
const maxAsked = 20;
/** Readings of finished runs that are kept, the longest unasked let go of first. */
const maxKept = 64;

/** A run that knows a file. */
export interface KnownRun {
  run: RunSummary;
  model: ModelInfo;
  /** Whether the file has changed since the run read it. */
  isStale: boolean;
}

export class Looker {
  readonly #controller: Controller;
  readonly #runs: Runs;
  readonly #disk: Disk;
  /** Of runs that are over, which change no more; null: they have none that can be read. */
  readonly #finished = new Map<string, ModelInfo | null>();
  /** Of runs that go on. */
  readonly #live = new Map<string, ModelInfo>();
  readonly #variables = new Map<string, readonly VariableInfo[]>();
  readonly #readings = new Map<string, Promise<TensorAnswer>>();
  readonly #hashes = new WeakMap<vscode.TextDocument, { version: number; sha256: string }>();

  constructor(controller: Controller, runs: Runs, disk: Disk) {
    this.#controller = controller;
    this.#runs = runs;
    this.#disk = disk;
    controller.ended.on(({ driven: { live } }) => {
      this.#live.delete(live.id);
      this.#variables.delete(live.id);
    });
  }

  /** The run to look into for a file: the one in the foreground if it knows it, else the newest that does. */
  async runFor(document: vscode.TextDocument): Promise<KnownRun | null> {
    const file = document.uri.fsPath;
    const { current } = this.#runs;
    const foreground = current === null ? null : this.#runs.find(current);
    for (const run of [...(foreground ? [foreground] : []), ...this.#runs.summaries().slice(0, maxAsked)]) {
      const model = await this.#readable(run.id);
      const known = model?.files.find((entry) => entry.file === file);
      if (!model || (!known && run.script !== file)) continue;
      const isStale = known
        ? known.sha256 !== this.#hash(document)
        : document.isDirty || (await stat(file)).mtimeMs / 1000 > run.started;
      return { run, model, isStale };
    }
    return null;
  }

  /** A run's modules and tensors; null where it has said nothing of them. @throws where its folder cannot be read */
  async model(id: string): Promise<ModelInfo | null> {
    const driven = this.#controller.find(id);
    if (!driven) return this.#disk.call('description', { run: id });
    const known = this.#live.get(id) ?? null;
    const newer = await driven.live.ask('model', { known: known?.version ?? null });
    if (newer) this.#live.set(id, newer);
    return newer ?? known;
  }

  /** The tensors in the script's variables as last listed; none of a run that is over. The next answer is on its way then. */
  async variables(id: string): Promise<readonly VariableInfo[]> {
    const live = this.#controller.find(id)?.live;
    if (!live) return [];
    const listing = live.ask('variables', null).then((listed) => {
      if (listed) this.#variables.set(id, listed.variables);
      return listed?.variables ?? [];
    });
    const known = this.#variables.get(id);
    if (!known) return listing;
    // A run that ends meanwhile has no variables any more.
    listing.catch(() => undefined);
    return known;
  }

  async inspect(id: string, question: TensorQuestion): Promise<TensorAnswer> {
    const driven = this.#controller.find(id);
    if (driven) return driven.live.ask('inspect', question);
    const key = JSON.stringify([id, question]);
    const answer = this.#readings.get(key) ?? this.#fromFolder(id, question);
    this.#readings.delete(key);
    if (this.#isOver(id)) this.#readings.set(key, answer);
    for (const [oldest] of this.#readings) {
      if (this.#readings.size <= maxKept) break;
      this.#readings.delete(oldest);
    }
    return answer;
  }

  async #fromFolder(run: string, question: TensorQuestion): Promise<TensorAnswer> {
    return { state: 'fresh', reading: await this.#disk.call('inspect', { run, question }) };
  }

  #isOver(id: string): boolean {
    return this.#runs.facts(id)?.goesOn === false;
  }

  /** As `model`; of a run that cannot be read there is none, which its own view says. */
  async #readable(id: string): Promise<ModelInfo | null> {
    const known = this.#finished.get(id);
    if (known !== undefined && !this.#controller.find(id)) return known;
    let model: ModelInfo | null = null;
    try {
      model = await this.model(id);
    } catch {
      // Of another version, damaged, or just gone.
    }
    if (this.#isOver(id)) this.#finished.set(id, model);
    return model;
  }

  #hash(document: vscode.TextDocument): string {
    const { version } = document;
    const known = this.#hashes.get(document);
    if (known?.version === version) return known.sha256;
    const sha256 = createHash('sha256').update(document.getText()).digest('hex');
    this.#hashes.set(document, { version, sha256 });
    return sha256;
  }
}
