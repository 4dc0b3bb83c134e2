// The commands, one table: what each is called and what it does. Each looks at trust and state itself, because a command
// that no menu shows can be called all the same.
import * as vscode from 'vscode';
import { plain } from '../plain.ts';
import { type Command, type CommandHost, Refusal, targetOf } from './command.ts';
import * as drive from './drive.ts';
import * as model from './model.ts';
import * as recorded from './recorded.ts';
import * as start from './start.ts';
import { addTypes } from './types.ts';

const commands = {
  run: start.run,
  runWithArguments: start.runWithArguments,
  restart: start.restart,
  openExample: start.openExample,
  openFolder: start.openFolder,
  chooseScript: start.chooseScript,
  chooseDevice: start.chooseDevice,
  pause: drive.pause,
  resume: drive.resume,
  step: drive.step,
  stop: drive.stop,
  setLearningRate: drive.setLearningRate,
  showLog: drive.showLog,
  openRun: recorded.openRun,
  compareRuns: recorded.compareRuns,
  exportCsv: recorded.exportCsv,
  pinRun: recorded.pinRun,
  unpinRun: recorded.unpinRun,
  renameRun: recorded.renameRun,
  deleteRun: recorded.deleteRun,
  revealRun: recorded.revealRun,
  refreshRuns: recorded.refreshRuns,
  openTensor: model.openTensor,
  goToSource: model.goToSource,
  addTypes,
} satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

export function registerCommands(host: CommandHost, log: vscode.LogOutputChannel): vscode.Disposable[] {
  return Object.entries<Command>(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`unroll.${name}`, async (first: unknown, selection: unknown) => {
      try {
        await command(host, targetOf(first, selection));
      } catch (error) {
        tell(error, log);
      }
    }),
  );
}

/** What could not be done, as an answer to the person who asked. */
function tell(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof Refusal) {
    void vscode.window.showInformationMessage(plain(error.message));
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  void vscode.window.showErrorMessage(plain(error instanceof Error ? error.message : String(error)));
}
