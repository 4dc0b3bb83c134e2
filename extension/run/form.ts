// What the next run is started with, as the sidebar shows it: the script that is meant, its arguments, the device.
import path from 'node:path';
import * as vscode from 'vscode';
import type { TrainingForm } from '../../protocol/view.ts';
import type { Scripts } from '../script/scripts.ts';
import { defaultThreads, setting } from '../settings.ts';
import { Signal } from '../signal.ts';

const argumentsKey = 'arguments';
const deviceKey = 'device';
const threadsKey = 'threads';
const devicesKey = 'devices';

export class Form {
  readonly changed = new Signal<void>();
  readonly #scripts: Scripts;
  readonly #workspaceMemory: vscode.Memento;
  readonly #globalMemory: vscode.Memento;
  #script: string | null = null;

  constructor(scripts: Scripts, { workspaceState, globalState }: vscode.ExtensionContext) {
    this.#scripts = scripts;
    this.#workspaceMemory = workspaceState;
    this.#globalMemory = globalState;
  }

  /** Absolute path of the script that would be trained with, as far as that is known. */
  get script(): string | null {
    return this.#script;
  }

  /** Looks again which script is meant. */
  async update(): Promise<void> {
    const script = await this.#scripts.guess(currentFolder());
    if (script === this.#script) return;
    this.#script = script;
    this.changed.fire();
  }

  view(): TrainingForm {
    const script = this.#script;
    const { device, threads } = this.means(script);
    return {
      script: script === null ? null : relative(script),
      arguments: script === null ? '' : this.argumentsOf(script),
      device,
      devices: [...new Set([...this.devices, device])],
      threads: threads ?? defaultThreads(),
    };
  }

  /** What a script is computed with: what was chosen here, else what the settings say. */
  means(script: string | null): { device: string; threads: number | null } {
    const scope = script === null ? undefined : vscode.Uri.file(script);
    return {
      device: this.#workspaceMemory.get<string>(deviceKey) ?? setting('device', scope),
      threads: this.#workspaceMemory.get<number>(threadsKey) ?? setting('threads', scope),
    };
  }

  /** A script's arguments, as they were typed last. */
  argumentsOf(script: string): string {
    return this.#workspaceMemory.get<Record<string, string>>(argumentsKey, {})[script] ?? '';
  }

  async setArguments(script: string, line: string): Promise<void> {
    const all = this.#workspaceMemory.get<Record<string, string>>(argumentsKey, {});
    await this.#workspaceMemory.update(argumentsKey, { ...all, [script]: line });
    this.changed.fire();
  }

  async setScript(script: string): Promise<void> {
    await this.#scripts.remember(script);
    this.#script = script;
    this.changed.fire();
  }

  /** What the form's fields were changed to. */
  async set(values: Partial<TrainingForm>): Promise<void> {
    if (values.arguments !== undefined && this.#script !== null) {
      await this.setArguments(this.#script, values.arguments);
    }
    if (values.device !== undefined) await this.#workspaceMemory.update(deviceKey, values.device);
    if (values.threads !== undefined) await this.#workspaceMemory.update(threadsKey, values.threads);
    this.changed.fire();
  }

  /** The kinds of device that an engine has named lately. */
  get devices(): string[] {
    return this.#globalMemory.get<string[]>(devicesKey, ['cpu']);
  }

  async setDevices(kinds: string[]): Promise<void> {
    await this.#globalMemory.update(devicesKey, kinds);
    this.changed.fire();
  }
}

/** The folder that is meant where none is named: that of the file in front, else the first. */
export function currentFolder(): vscode.WorkspaceFolder | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return (uri && vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.[0];
}

/** A path as a person knows it here: relative to the workspace folder, else its last two names. */
function relative(file: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return folder ? path.relative(folder.uri.fsPath, file) : file.split(path.sep).slice(-2).join(path.sep);
}
