// Commands on recorded runs.
import path from 'node:path';
import * as vscode from 'vscode';
import { isLive } from '../views/runs-tree.ts';
import { saveFile } from '../views/save.ts';
import { anyRun, type Command, Refusal, runItem } from './command.ts';

export const openRun: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  host.runs.choose(id);
  host.panel.show([id], target.tab ? { tab: target.tab } : {});
};

/** Lays several runs over one another. */
export const compareRuns: Command = async ({ runs, panel, selected }, target) => {
  const wanted = target.runs ?? selected();
  if (wanted.length >= 2) {
    panel.show(wanted);
    return;
  }
  const summaries = runs.summaries();
  if (summaries.length < 2) throw new Refusal(vscode.l10n.t('There are no two runs here to compare.'));
  const first = target.run ?? panel.shown[0];
  const items = summaries.map((summary) => ({ ...runItem(summary), picked: summary.id === first }));
  const title = vscode.l10n.t('Compare which runs?');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true, matchOnDetail: true });
  if (chosen && chosen.length > 0) panel.show(chosen.map(({ id }) => id));
};

export const exportCsv: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  const bytes = await host.disk.call('table', { run: id, tags: ['loss/train', 'loss/eval'] });
  await saveFile(`${host.runs.find(id)?.name ?? path.basename(id)}-loss.csv`, bytes);
};

export const pinRun: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id !== null) await host.runs.mark(id, { pinned: true });
};

export const unpinRun: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id !== null) await host.runs.mark(id, { pinned: false });
};

export const renameRun: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  const value = host.runs.find(id)?.name ?? '';
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the run'),
    value,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A run needs a name.') : null),
  });
  if (name !== undefined) await host.runs.mark(id, { name: name.trim() });
};

export const deleteRun: Command = async (host, target) => {
  const first = await anyRun(host, target);
  if (first === null) return;
  const several = target.runs ?? host.selected();
  const wanted = several.includes(first) ? several : [first];
  const summaries = wanted.flatMap((id) => host.runs.find(id) ?? []);
  if (summaries.some(isLive))
    throw new Refusal(vscode.l10n.t('A run that goes on is not deleted: stop it first.'));
  const names = summaries.map(({ name }) => name).join(', ');
  const yes = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete {0}, with all that was recorded?', names);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  for (const { id } of summaries) {
    await host.disk.call('forget', { run: id });
    await removeFolder(id);
  }
  await host.runs.refresh();
};

async function removeFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    // Servers have no trash; the person has said yes to the deletion.
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
  }
}

export const revealRun: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  const uri = vscode.Uri.file(id);
  const inExplorer = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const command = inExplorer ? 'revealInExplorer' : 'revealFileInOS';
  await vscode.commands.executeCommand(command, vscode.Uri.joinPath(uri, 'run.json'));
};

export const refreshRuns: Command = async ({ runs }) => {
  await runs.refresh();
};
