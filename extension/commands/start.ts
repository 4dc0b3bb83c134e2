// Commands that start a training or say what is trained and how.
import * as vscode from 'vscode';
import { startSession, startTraining } from '../debug/configuration.ts';
import { copyExample, exampleArguments } from '../example.ts';
import { splitArguments } from '../run/arguments.ts';
import { currentFolder } from '../run/form.ts';
import { mayTrain } from '../trust.ts';
import { anyRun, type Command, type CommandHost, Refusal, type Target } from './command.ts';

export const run: Command = async (host, target) => {
  const script = await scriptOf(host, target);
  if (script !== null) await train(script, host.form.argumentsOf(script));
};

export const runWithArguments: Command = async (host, target) => {
  const script = await scriptOf(host, target);
  if (script === null) return;
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t('Arguments for {0}', vscode.workspace.asRelativePath(script)),
    value: host.form.argumentsOf(script),
    placeHolder: '--epochs 3 --lr 0.001',
    ignoreFocusOut: true,
  });
  if (line === undefined) return;
  await host.form.setArguments(script, line);
  await train(script, line);
};

/** Trains anew what a run has trained. */
export const restart: Command = async (host, target) => {
  if (!(await mayTrain())) return;
  const id = await anyRun(host, target);
  if (id === null) return;
  const driven = host.controller.find(id);
  if (driven) {
    driven.live.stop();
    await driven.live.ended;
    await startSession(folderOf(driven.launch.program), driven.launch);
    return;
  }
  const record = host.runs.facts(id)?.record;
  if (!record) throw new Refusal(vscode.l10n.t('This run does not say what it trained.'));
  const { script: program, arguments: args, cwd, device } = record;
  await startTraining(folderOf(program), { program, args, cwd, device });
};

export const openExample: Command = async ({ context, form }) => {
  if (!(await mayTrain())) return;
  const script = await copyExample(context);
  await vscode.window.showTextDocument(script, { viewColumn: vscode.ViewColumn.One, preview: false });
  const line = form.argumentsOf(script.fsPath) || exampleArguments;
  await form.setArguments(script.fsPath, line);
  await train(script.fsPath, line);
};

export const openFolder: Command = async () => {
  await vscode.commands.executeCommand('vscode.openFolder');
};

export const chooseScript: Command = async ({ scripts, form }, { file }) => {
  const script = file?.fsPath ?? (await scripts.ask(currentFolder()));
  if (script !== null) await form.setScript(script);
};

export const chooseDevice: Command = async ({ controller, form }) => {
  if (!(await mayTrain())) return;
  const { devices, why } = await controller.devices();
  await form.setDevices(devices.map(({ kind }) => kind));
  const items = devices.map(({ kind, name, memory, isa }) => ({
    label: kind,
    description: `${name}, ${isa}`,
    detail: vscode.l10n.t('{0} GB of memory', (memory / 1e9).toFixed(1)),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Train on which device?'),
    ...(why === '' ? {} : { placeHolder: vscode.l10n.t('No GPU: {0}', why) }),
  });
  if (chosen) await form.set({ device: chosen.label });
};

/** The script that is meant; null where the person chose none. */
async function scriptOf({ scripts }: CommandHost, { file }: Target): Promise<string | null> {
  if (!(await mayTrain())) return null;
  if (!file) return scripts.choose(currentFolder());
  if (file.scheme !== 'file') throw new Refusal(vscode.l10n.t('Training needs a file on disk.'));
  return file.fsPath;
}

async function train(program: string, line: string): Promise<void> {
  await startTraining(folderOf(program), { program, args: splitArguments(line) });
}

function folderOf(file: string): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
}
