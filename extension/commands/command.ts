// What a command has in hand and what it may be called on.
import * as vscode from 'vscode';
import type { TensorKind } from '../../protocol/inspect.ts';
import type { PanelTab, RunSummary } from '../../protocol/view.ts';
import type { Disk } from '../disk/disk.ts';
import type { Looker } from '../look/looker.ts';
import { plain } from '../plain.ts';
import type { Controller, Driven } from '../run/controller.ts';
import type { Form } from '../run/form.ts';
import type { Runs } from '../run/runs.ts';
import type { Scripts } from '../script/scripts.ts';
import type { RunPanel } from '../views/run-panel.ts';

export interface CommandHost {
  context: vscode.ExtensionContext;
  controller: Controller;
  disk: Disk;
  form: Form;
  looker: Looker;
  panel: RunPanel;
  runs: Runs;
  scripts: Scripts;
  /** The runs that are selected in the list, where it is on show. */
  selected: () => string[];
  /** The module or parameter that is selected in the view Model, where it is on show. */
  selectedTensor: () => { run: string; tensor: string } | null;
}

/** What a command is called on: a script, a run (from the tree, a lens, a page), or whatever is in the foreground. */
export interface Target {
  file?: vscode.Uri;
  run?: string;
  tab?: PanelTab;
  /** The name of a tensor or the path of a module. */
  tensor?: string;
  /** Of a tensor that is no parameter. */
  kind?: TensorKind;
  /** Every run that is selected in the tree. */
  runs?: string[];
}

export type Command = (host: CommandHost, target: Target) => Promise<void> | void;

/** Refused with a sentence for the person: what cannot be done now is no failure of ours. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** Arguments as VS Code's menus and our own lenses and pages give them. */
export function targetOf(first: unknown, selection: unknown): Target {
  if (first instanceof vscode.Uri) return { file: first };
  const target: Target = {};
  if (isNode(first)) {
    target.run = first.run;
    if (typeof first.tab === 'string') target.tab = first.tab as PanelTab;
    if (typeof first.tensor === 'string') target.tensor = first.tensor;
    if (typeof first.kind === 'string') target.kind = first.kind as TensorKind;
  }
  if (Array.isArray(selection)) target.runs = selection.filter(isNode).map(({ run }) => run);
  return target;
}

function isNode(value: unknown): value is { run: string; tab?: unknown; tensor?: unknown; kind?: unknown } {
  return typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'string';
}

/** The live run that is meant. @throws Refusal where none is */
export function liveRun({ controller, runs }: CommandHost, { run }: Target): Driven {
  const id = run ?? runs.current;
  const driven = id === null ? undefined : controller.find(id);
  if (driven) return driven;
  throw new Refusal(
    run === undefined
      ? vscode.l10n.t('No training runs in this window.')
      : vscode.l10n.t('This run is over.'),
  );
}

/**
 * The run that is meant: the one called on, else the one that is selected, else the one in the foreground, else the person
 * chooses.
 */
export async function anyRun({ runs, selected }: CommandHost, target: Target): Promise<string | null> {
  const id = target.run ?? selected()[0] ?? runs.current;
  if (id === null) return pickRun(runs.summaries(), vscode.l10n.t('Which run?'));
  if (!runs.find(id)) throw new Refusal(vscode.l10n.t('There is no such run any more.'));
  return id;
}

export function runItem({
  id,
  name,
  state,
  says,
  pinned,
}: RunSummary): vscode.QuickPickItem & { id: string } {
  return { id, label: plain(name), description: state, detail: plain(says), picked: pinned };
}

/** @throws Refusal where there is no run to choose from */
async function pickRun(summaries: readonly RunSummary[], title: string): Promise<string | null> {
  if (summaries.length === 0) throw new Refusal(vscode.l10n.t('There is no run here yet.'));
  const items = summaries.map(runItem);
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.id ?? null;
}
