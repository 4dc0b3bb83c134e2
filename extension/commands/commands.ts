// The commands, one table: what each does with what it is called on. Each looks at the state itself, because a command
// that no menu shows can be called all the same.
import * as vscode from 'vscode';
import { startTraining } from '../debug/configuration.ts';
import { splitArguments } from '../run/arguments.ts';
import type { Controller } from '../run/controller.ts';
import type { Scripts } from '../script/scripts.ts';
import { mayTrain } from '../trust.ts';

export interface CommandHost {
  scripts: Scripts;
  controller: Controller;
}

/** What a command is called on: a file, nothing. */
type Target = vscode.Uri | undefined;
type Command = (host: CommandHost, target: Target) => Promise<void> | void;

export const commands = {
  run: (host, file) => train(host, file, {}),
  async runWithArguments(host, file) {
    const line = await vscode.window.showInputBox({
      title: vscode.l10n.t('Arguments for the script'),
      placeHolder: '--epochs 3 --lr 0.001',
      ignoreFocusOut: true,
    });
    if (line !== undefined) await train(host, file, { args: splitArguments(line) });
  },
  async stop({ controller }) {
    const [driven] = controller.running;
    if (driven) await controller.stop(driven);
    else sayNoRun();
  },
  showLog({ controller }) {
    const [driven] = controller.running;
    if (driven) driven.terminal.show(false);
    else sayNoRun();
  },
} satisfies Record<string, Command>;

export function registerCommands(host: CommandHost): vscode.Disposable[] {
  return Object.entries<Command>(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`unroll.${name}`, (target: unknown) => {
      void run(command, host, target);
    }),
  );
}

async function run(command: Command, host: CommandHost, target: unknown): Promise<void> {
  try {
    await command(host, target instanceof vscode.Uri ? target : undefined);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

async function train({ scripts }: CommandHost, file: Target, more: { args?: string[] }): Promise<void> {
  if (!(await mayTrain())) return;
  const folder = file
    ? vscode.workspace.getWorkspaceFolder(file)
    : (activeFolder() ?? vscode.workspace.workspaceFolders?.[0]);
  const program = file?.fsPath ?? (await scripts.choose(folder));
  if (program !== null) await startTraining(folder, { ...more, program });
}

function activeFolder(): vscode.WorkspaceFolder | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && vscode.workspace.getWorkspaceFolder(uri);
}

function sayNoRun(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t('No training runs in this window.'));
}
