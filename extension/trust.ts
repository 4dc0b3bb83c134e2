// Training runs the folder's own code: only where the folder is trusted, whoever asks.
import * as vscode from 'vscode';

/** Whether training may start here; says why not where it may not. */
export async function mayTrain(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Training runs code of this folder, which is not trusted yet.'),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
