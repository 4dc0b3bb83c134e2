// Commands on a run that goes on.
import * as vscode from 'vscode';
import { anyRun, type Command, liveRun, Refusal } from './command.ts';

export const pause: Command = (host, target) => host.controller.pause(liveRun(host, target));
export const resume: Command = (host, target) => host.controller.resume(liveRun(host, target));
export const step: Command = (host, target) => host.controller.step(liveRun(host, target));
export const stop: Command = (host, target) => host.controller.stop(liveRun(host, target));

export const setLearningRate: Command = async (host, target) => {
  const driven = liveRun(host, target);
  const scale = driven.live.status.learningRateScale;
  if (scale === null) throw new Refusal(noOptimizer());
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Multiply every learning rate by'),
    value: String(scale),
    prompt: vscode.l10n.t('1 is what the script says; schedules keep their say.'),
    validateInput: (text) => (isScale(Number(text)) ? null : vscode.l10n.t('A number above 0.')),
  });
  if (answer !== undefined) await host.controller.setLearningRateScale(driven, Number(answer));
};

export const showLog: Command = async (host, target) => {
  const id = await anyRun(host, target);
  if (id === null) return;
  const terminal = host.controller.terminalOf(id);
  if (!terminal) {
    throw new Refusal(vscode.l10n.t('What this script printed is not kept: it ran before this window.'));
  }
  terminal.show(false);
};

export function isScale(scale: number): boolean {
  return Number.isFinite(scale) && scale > 0;
}

export function noOptimizer(): string {
  return vscode.l10n.t('No optimizer of torch.optim has made a step: there is no learning rate to scale.');
}
