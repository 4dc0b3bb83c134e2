// Types of our `torch` for the editor's Python support, which else knows no torch where none is installed.
import * as vscode from 'vscode';
import { currentFolder } from '../run/form.ts';
import { type Command, Refusal } from './command.ts';

/** Extensions that read a setting of extra paths, and the setting. */
const readers = [
  ['ms-python.vscode-pylance', 'python.analysis'],
  ['ms-pyright.pyright', 'python.analysis'],
  ['detachhead.basedpyright', 'basedpyright.analysis'],
] as const;
const answeredKey = 'typesAnswered';

/** Copies the types to where they outlive an update, and names that place in the folder's settings. */
export const addTypes: Command = async ({ context }) => {
  const folder = currentFolder();
  if (!folder) throw new Refusal(vscode.l10n.t('Open a folder first: its settings say where types are.'));
  const section = installedReader();
  if (section === null) {
    throw new Refusal(
      vscode.l10n.t('No Python language support that reads types (Pylance, Pyright) is installed.'),
    );
  }
  const path = await copyTypes(context);
  const settings = vscode.workspace.getConfiguration(section, folder);
  const paths = settings.get<string[]>('extraPaths', []);
  if (paths.includes(path)) return;
  await settings.update('extraPaths', [...paths, path], vscode.ConfigurationTarget.WorkspaceFolder);
};

/** After a run: offers the types once, where the editor has just said that it knows no torch. */
export async function offerTypes(context: vscode.ExtensionContext, script: string): Promise<void> {
  if (context.globalState.get(answeredKey) === true || installedReader() === null) return;
  const problems = vscode.languages.getDiagnostics(vscode.Uri.file(script));
  if (!problems.some(isUnknownTorch)) return;
  const yes = vscode.l10n.t('Use Them');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The editor knows no torch here. Unroll has types for it, to be named in this folder’s settings.',
    ),
    yes,
    vscode.l10n.t('No'),
  );
  if (answer === undefined) return;
  await context.globalState.update(answeredKey, true);
  if (answer === yes) await vscode.commands.executeCommand('unroll.addTypes');
}

function installedReader(): string | null {
  return readers.find(([extension]) => vscode.extensions.getExtension(extension))?.[1] ?? null;
}

function isUnknownTorch({ message, code }: vscode.Diagnostic): boolean {
  const rule = typeof code === 'object' ? code.value : code;
  return /^reportMissing(Imports|ModuleSource)$/.test(String(rule)) && /"torch[."]/.test(message);
}

/** @returns the folder that holds the types */
async function copyTypes({ extensionUri, globalStorageUri }: vscode.ExtensionContext): Promise<string> {
  const target = vscode.Uri.joinPath(globalStorageUri, 'typings');
  await vscode.workspace.fs.createDirectory(globalStorageUri);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'typings'), target, { overwrite: true });
  return target.fsPath;
}
