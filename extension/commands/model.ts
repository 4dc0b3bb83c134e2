// Commands on the model of a run.
import * as vscode from 'vscode';
import { anyRun, type Command, Refusal } from './command.ts';

export const openTensor: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  host.runs.choose(id);
  host.panel.show([id], { tab: 'tensors', ...(target.tensor !== undefined && { tensor: target.tensor }) });
};

/** Shows the line that made a parameter or module. */
export const goToSource: Command = async ({ runs, scripts }, { run, tensor }) => {
  const script = run === undefined ? undefined : runs.facts(run)?.record?.script;
  if (script === undefined || tensor === undefined) {
    throw new Refusal(vscode.l10n.t('Choose a module or parameter in the view Model.'));
  }
  const place = await scripts.definition(script, tensor);
  if (!place) throw new Refusal(vscode.l10n.t('No line here gives a module an attribute of that name.'));
  const selection = new vscode.Range(place.range.start, place.range.start);
  await vscode.window.showTextDocument(place.uri, { selection });
};
