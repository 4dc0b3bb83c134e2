// Commands on the model of a run.
import * as vscode from 'vscode';
import { type Command, type CommandHost, Refusal, type Target } from './command.ts';

export const openTensor: Command = (host, target) => {
  const { run, tensor } = tensorOf(host, target);
  host.runs.choose(run);
  host.panel.show([run], { tab: 'tensors', tensor });
};

/** Shows the line that made a parameter or module. */
export const goToSource: Command = async (host, target) => {
  const { run, tensor } = tensorOf(host, target);
  const script = host.runs.facts(run)?.record?.script;
  const place = script === undefined ? null : await host.scripts.definition(script, tensor);
  if (!place) throw new Refusal(vscode.l10n.t('No line here gives a module an attribute of that name.'));
  const selection = new vscode.Range(place.range.start, place.range.start);
  // Where code is, and not over the run's panel.
  const viewColumn = vscode.window.visibleTextEditors[0]?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(place.uri, { selection, viewColumn });
};

function tensorOf({ selectedTensor }: CommandHost, { run, tensor }: Target): { run: string; tensor: string } {
  const meant = run !== undefined && tensor !== undefined ? { run, tensor } : selectedTensor();
  if (!meant) throw new Refusal(vscode.l10n.t('Choose a module or parameter in the view Model.'));
  return meant;
}
