// The settings, as package.json declares them.
import os from 'node:os';
import * as vscode from 'vscode';

export interface Settings {
  device: string;
  /** Null: `defaultThreads`. */
  threads: number | null;
  lowPriority: boolean;
  environment: Record<string, string>;
  onWindowClose: 'stop' | 'keep';
  openPanelOnRun: boolean;
  codeLens: boolean;
  hover: boolean;
  inlayHints: boolean;
}

/** One setting, as it holds for a file or folder. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  const value = vscode.workspace.getConfiguration('unroll', scope).get<Settings[K]>(name);
  if (value === undefined) throw new Error(`package.json declares no setting unroll.${name}`);
  return value;
}

/** Leaves a core to the editor where there are some. */
export function defaultThreads(): number {
  const cores = os.availableParallelism();
  return cores >= 4 ? cores - 1 : cores;
}
