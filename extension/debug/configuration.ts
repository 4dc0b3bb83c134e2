// What F5 does. A configuration says what to train; what it leaves out is chosen here. The session is then started anew
// without the debug views, which would take the place of the run's own.
import path from 'node:path';
import * as vscode from 'vscode';
import { usualHistogramEvery } from '../../protocol/engine.ts';
import { splitArguments } from '../run/arguments.ts';
import type { Launch } from '../run/controller.ts';
import type { Form } from '../run/form.ts';
import { plain } from '../plain.ts';
import { setting } from '../settings.ts';
import type { Scripts } from '../script/scripts.ts';
import { mayTrain } from '../trust.ts';

export const debugType = 'unroll';

/** What launch.json may say. */
export interface Configuration extends vscode.DebugConfiguration {
  program?: unknown;
  args?: unknown;
  cwd?: unknown;
  device?: unknown;
  threads?: unknown;
  env?: unknown;
  record?: unknown;
  histograms?: unknown;
  /** Set once this provider has had its say. */
  launch?: Launch;
  /** The run that goes on already. */
  run?: string;
}

/** The debugger's own views stay away. */
const quiet: vscode.DebugSessionOptions = { suppressDebugView: true, suppressDebugStatusbar: true };

/** Trains as a configuration says: what "Run Training Script" does, too. */
export async function startTraining(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: Pick<Configuration, 'program' | 'args' | 'cwd' | 'device'>,
): Promise<void> {
  const name = vscode.l10n.t('Train');
  await vscode.debug.startDebugging(folder, { ...configuration, type: debugType, request: 'launch', name });
}

/** Starts the session of a training, or, where `run` is named, of one that goes on. */
export async function startSession(
  folder: vscode.WorkspaceFolder | undefined,
  launch: Launch,
  more: Partial<Configuration> = {},
): Promise<void> {
  const configuration: vscode.DebugConfiguration = {
    ...more,
    type: debugType,
    request: 'launch',
    name: plain(path.basename(launch.program)),
    launch,
    internalConsoleOptions: 'neverOpen',
  };
  await vscode.debug.startDebugging(folder, configuration, quiet);
}

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  readonly #scripts: Scripts;
  readonly #form: Form;

  constructor(scripts: Scripts, form: Form) {
    this.#scripts = scripts;
    this.#form = form;
  }

  /** For "create a launch.json" and the drop-down list. */
  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    const files = await this.#scripts.candidates(folder);
    return files.map((file) => {
      const program = folder ? `\${workspaceFolder}/${path.relative(folder.uri.fsPath, file)}` : file;
      return {
        type: debugType,
        request: 'launch',
        name: vscode.l10n.t('Train {0}', path.basename(file)),
        program,
      };
    });
  }

  /** F5 without a launch.json asks with nothing in hand. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: Configuration,
  ): vscode.DebugConfiguration {
    return {
      ...configuration,
      type: debugType,
      request: 'launch',
      name: configuration.name || vscode.l10n.t('Train'),
    };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: Configuration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (configuration.launch) return configuration;
    if (!(await mayTrain())) return undefined;
    try {
      const launch = await this.#launch(folder, configuration);
      if (!launch) return undefined;
      // The task before has run by now. Not awaited: the session that asked must be over first.
      void startSession(folder, launch, { ...configuration, preLaunchTask: undefined });
    } catch (error) {
      void vscode.window.showErrorMessage(plain(error instanceof Error ? error.message : String(error)));
    }
    return undefined;
  }

  async #launch(
    folder: vscode.WorkspaceFolder | undefined,
    { program, args, cwd, device, threads, env = {}, record = true, ...more }: Configuration,
  ): Promise<Launch | null> {
    const file = program === undefined ? await this.#scripts.choose(folder) : text('program', program);
    if (file === null) return null;
    const absolute = path.resolve(folder?.uri.fsPath ?? '', file);
    const scope = vscode.Uri.file(absolute);
    const home = vscode.workspace.getWorkspaceFolder(scope) ?? folder;
    const base = home?.uri.fsPath ?? path.dirname(absolute);
    const means = this.#form.means(absolute);
    return {
      program: absolute,
      arguments: this.#arguments(absolute, args, program === undefined),
      cwd: cwd === undefined ? base : path.resolve(base, text('cwd', cwd)),
      device: device === undefined ? means.device : text('device', device),
      threads: threads === undefined || threads === null ? means.threads : count('threads', threads),
      environment: { ...setting('environment', scope), ...variables('env', env) },
      record: flag('record', record),
      histogramEvery: count('histograms', more.histograms ?? usualHistogramEvery, 0),
    };
  }

  /** F5 with nothing said takes the script's arguments from the sidebar's form. */
  #arguments(script: string, args: unknown, isUnsaid: boolean): string[] {
    if (args === undefined) return isUnsaid ? splitArguments(this.#form.argumentsOf(script)) : [];
    return typeof args === 'string' ? splitArguments(args) : list('args', args);
  }
}

function wrong(name: string, what: string): never {
  throw new Error(vscode.l10n.t('"{0}" in the launch configuration must be {1}.', name, what));
}
function text(name: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : wrong(name, vscode.l10n.t('text'));
}
function flag(name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : wrong(name, vscode.l10n.t('true or false'));
}
function count(name: string, value: unknown, least = 1): number {
  return Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : wrong(name, vscode.l10n.t('a whole number from {0}', least));
}
function list(name: string, value: unknown): string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? value
    : wrong(name, vscode.l10n.t('text or a list of texts'));
}
function variables(name: string, value: unknown): Record<string, string> {
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isTable && Object.values(value).every((entry) => typeof entry === 'string')
    ? (value as Record<string, string>)
    : wrong(name, vscode.l10n.t('a table of texts'));
}
