// What F5 does. A configuration says what to train; what it leaves out is chosen here. The session is then started anew
// without the debug views, which would take the place of the run's own.
import path from 'node:path';
import * as vscode from 'vscode';
import { splitArguments } from '../run/arguments.ts';
import type { Launch } from '../run/controller.ts';
import { setting } from '../settings.ts';
import type { Scripts } from '../script/scripts.ts';
import { mayTrain } from '../trust.ts';

export const debugType = 'unroll';

/** What launch.json may say; everything else is refused. */
interface Configuration extends vscode.DebugConfiguration {
  program?: unknown;
  args?: unknown;
  cwd?: unknown;
  device?: unknown;
  threads?: unknown;
  env?: unknown;
  record?: unknown;
  /** Set once this provider has had its say. */
  launch?: Launch;
}

/** How the session's own surroundings stay away. */
const quiet: vscode.DebugSessionOptions = { suppressDebugView: true, suppressDebugStatusbar: true };

/** Trains as a configuration says: what "Run Training Script" does, too. */
export function startTraining(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: Partial<Configuration>,
): Thenable<boolean> {
  return vscode.debug.startDebugging(folder, {
    ...configuration,
    type: debugType,
    request: 'launch',
    name: configuration.name ?? vscode.l10n.t('Train'),
  });
}

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  readonly #scripts: Scripts;

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
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
      const started: vscode.DebugConfiguration = {
        ...configuration,
        name: path.basename(launch.program),
        launch,
        internalConsoleOptions: 'neverOpen',
      };
      delete started['preLaunchTask'];
      void vscode.debug.startDebugging(folder, started, quiet);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
    return undefined;
  }

  async #launch(
    folder: vscode.WorkspaceFolder | undefined,
    { program, args = [], cwd, device, threads, env = {}, record = true }: Configuration,
  ): Promise<Launch | null> {
    const file = program === undefined ? await this.#scripts.choose(folder) : text('program', program);
    if (file === null) return null;
    const absolute = path.resolve(folder?.uri.fsPath ?? '', file);
    const scope = vscode.Uri.file(absolute);
    const home = vscode.workspace.getWorkspaceFolder(scope) ?? folder;
    const base = home?.uri.fsPath ?? path.dirname(absolute);
    return {
      program: absolute,
      arguments: typeof args === 'string' ? splitArguments(args) : list('args', args),
      cwd: cwd === undefined ? base : path.resolve(base, text('cwd', cwd)),
      device: device === undefined ? setting('device', scope) : text('device', device),
      threads:
        threads === undefined || threads === null ? setting('threads', scope) : count('threads', threads),
      environment: { ...setting('environment', scope), ...variables('env', env) },
      record: flag('record', record),
    };
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
function count(name: string, value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0
    ? (value as number)
    : wrong(name, vscode.l10n.t('a whole number above 0'));
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
