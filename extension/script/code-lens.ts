// Above a training loop: train, or what its run does now. Above a module: its gradients in the last run.
import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol/view.ts';
import { number } from '../../runtime/cli/format.ts';
import type { Runs } from '../run/runs.ts';
import { count } from '../run/summary.ts';
import { setting } from '../settings.ts';
import { isLive } from '../views/runs-tree.ts';
import type { Scripts } from './scripts.ts';
import type { Place } from './source.ts';

/** Numbers above the code change this often, so that they can be read. */
const refreshMilliseconds = 1000;

export class TrainingLenses implements vscode.CodeLensProvider {
  readonly #scripts: Scripts;
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  #timer: NodeJS.Timeout | null = null;

  constructor(scripts: Scripts, runs: Runs) {
    this.#scripts = scripts;
    this.#runs = runs;
    runs.changed.on(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#changed.fire();
      }, refreshMilliseconds);
    });
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting('codeLens', document.uri)) return [];
    const { importsTorch, trainingLoops, modules } = await this.#scripts.facts(document);
    if (!importsTorch) return [];
    const file = document.uri.fsPath;
    const summaries = this.#runs.summaries();
    // A module's file is not the script that trains it: any run of its folder may be of it.
    const own = summaries.find(({ script }) => script === file);
    const any = own ?? summaries.find(({ script }) => script !== '');
    const live = own && isLive(own) ? own : null;
    const loops = (await this.#scripts.trains(file)) ? trainingLoops : [];
    return [
      ...loops.flatMap((place) => (live ? liveLenses(place, live) : [trainLens(place, document.uri)])),
      ...modules.flatMap((place) => (any ? [gradientLens(place, any)] : [])),
    ];
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

function lens(place: Place, title: string, command: string, target: unknown): vscode.CodeLens {
  const range = new vscode.Range(place.line, place.column, place.line, place.column);
  return new vscode.CodeLens(range, { title, command, arguments: [target] });
}

function trainLens(place: Place, script: vscode.Uri): vscode.CodeLens {
  return lens(place, vscode.l10n.t('Train with Unroll'), 'unroll.run', script);
}

function liveLenses(place: Place, { id: run, state, step, lastLoss }: RunSummary): vscode.CodeLens[] {
  const loss = lastLoss === null ? [] : [vscode.l10n.t('loss {0}', number(lastLoss))];
  const now = [vscode.l10n.t('step {0}', count(step)), ...loss].join(', ');
  const isPaused = state === 'paused' || state === 'pausing';
  const goOn = isPaused
    ? [
        lens(place, vscode.l10n.t('Resume'), 'unroll.resume', { run }),
        lens(place, vscode.l10n.t('Train One Step'), 'unroll.step', { run }),
      ]
    : [lens(place, vscode.l10n.t('Pause'), 'unroll.pause', { run })];
  return [
    lens(place, now, 'unroll.openRun', { run }),
    ...goOn,
    lens(place, vscode.l10n.t('Stop'), 'unroll.stop', { run }),
  ];
}

function gradientLens(place: Place, { id: run }: RunSummary): vscode.CodeLens {
  return lens(place, vscode.l10n.t('Gradients of the last run'), 'unroll.openRun', { run, tab: 'gradients' });
}
