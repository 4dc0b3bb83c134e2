// Commands on the model of a run.
import * as vscode from 'vscode';
import { type Command, type CommandHost, Refusal, type Target } from './command.ts';

export const openTensor: Command = (host, target) => {
  const { run, tensor } = tensorOf(host, target);
  host.runs.choose(run);
  host.panel.show([run], { tab: 'tensors', tensor, kind: target.kind ?? 'parameter' });
};

/** Shows the line that made a parameter or module. */
export const goToSource: Command = async (host, target) => {
  const { run, tensor } = tensorOf(host, target);
  const place = await placeOf(host, run, tensor);
  if (!place) throw new Refusal(vscode.l10n.t('No line here gives a module an attribute of that name.'));
  const selection = new vscode.Range(place.range.start, place.range.start);
  // Where code is, and not over the run's panel.
  const viewColumn = vscode.window.visibleTextEditors[0]?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(place.uri, { selection, viewColumn });
};

/** The line that the run says, else the one that the sources do. */
async function placeOf(
  { looker, runs, scripts }: CommandHost,
  run: string,
  tensor: string,
): Promise<vscode.Location | null> {
  const model = await looker.model(run);
  const line =
    model?.tensors.find(({ name }) => name === tensor)?.line ??
    model?.modules.find(({ path }) => path === tensor)?.line;
  if (line) return new vscode.Location(vscode.Uri.file(line.file), new vscode.Position(line.line - 1, 0));
  const script = runs.facts(run)?.record?.script;
  return script === undefined ? null : scripts.definition(script, tensor);
}

function tensorOf({ selectedTensor }: CommandHost, { run, tensor }: Target): { run: string; tensor: string } {
  const meant = run !== undefined && tensor !== undefined ? { run, tensor } : selectedTensor();
  if (!meant) throw new Refusal(vscode.l10n.t('Choose a module or parameter in the view Model.'));
  return meant;
}
