// What a page's buttons do: the commands that do the same elsewhere.
import * as vscode from 'vscode';
import type { RunAction } from '../../protocol/view.ts';
import { isScale, noOptimizer } from '../commands/drive.ts';
import type { CommandName } from '../commands/commands.ts';
import type { Controller } from '../run/controller.ts';
import type { PageHost } from './handlers.ts';

const commandOf: Record<RunAction, CommandName> = {
  run: 'run',
  pause: 'pause',
  resume: 'resume',
  step: 'step',
  stop: 'stop',
  restart: 'restart',
  open: 'openRun',
  chooseScript: 'chooseScript',
  openExample: 'openExample',
  showLog: 'showLog',
};

export function pageActions(controller: Controller): Pick<PageHost, 'act' | 'setLearningRateScale'> {
  return {
    act: async ({ action, run }) => {
      if (!Object.hasOwn(commandOf, action)) throw new Error(`unknown action ${action}`);
      await vscode.commands.executeCommand(`unroll.${commandOf[action]}`, run === null ? undefined : { run });
    },
    setLearningRateScale: async ({ run, scale }) => {
      const driven = controller.find(run);
      if (!driven) throw new Error(vscode.l10n.t('This run is over.'));
      if (driven.live.status.learningRateScale === null) throw new Error(noOptimizer());
      if (!isScale(scale))
        throw new Error(vscode.l10n.t('A learning rate is multiplied by a number above 0.'));
      await controller.setLearningRateScale(driven, scale);
    },
  };
}
