// What follows from what: runs into the list and the panel, scripts into the form, states into menus.
import process from 'node:process';
import * as vscode from 'vscode';
import type { CommandHost } from './commands/command.ts';
import { offerTypes } from './commands/types.ts';
import { startSession } from './debug/configuration.ts';
import type { RunFacts } from './disk/facts.ts';
import type { Driven } from './run/controller.ts';
import type { RunFolders } from './run/folders.ts';
import type { LiveSource } from './run/runs.ts';
import { setting } from './settings.ts';
import type { Subscription } from './signal.ts';

/** Runs that start or are found become part of the list, are followed, and leave it ended. */
export function followRuns(
  { context, controller, runs, scripts, panel }: CommandHost,
  folders: RunFolders,
): Subscription[] {
  return [
    controller.started.on((driven) => {
      const { live, launch } = driven;
      runs.begin(sourceOf(driven));
      void scripts.remember(launch.program);
      if (live.status.folder !== null) void folders.add(live.status.folder);
      if (live.isMine && !live.isJoined && setting('openPanelOnRun'))
        panel.show([live.id], { preserveFocus: true });
    }),
    controller.changed.on(({ driven, hasGrown }) => {
      runs.follow(driven.live.id, hasGrown);
    }),
    controller.ended.on(({ driven: { live, launch }, end: { end, exit, wasStopped } }) => {
      const how = exit.signal ?? (exit.code === null ? null : vscode.l10n.t('exit code {0}', exit.code));
      const isCrash = !end && !wasStopped && how !== null;
      void runs.end(live.id, isCrash ? { how, step: live.status.step } : null);
      void offerTypes(context, launch.program);
    }),
    // What another window, the command line, or this window before its reload has started.
    runs.listed.on((facts) => {
      for (const { id, record, goesOn } of facts) if (record && goesOn) void controller.attach(id, record);
    }),
    // Its toolbar, for a run that this window has taken up.
    controller.claimed.on(({ live, launch }) => {
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(launch.program));
      void startSession(folder, launch, { run: live.id });
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void runs.refresh()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('unroll.onWindowClose')) controller.updateGrace();
    }),
  ];
}

function sourceOf({ live, launch }: Driven): LiveSource {
  return {
    id: live.id,
    facts: provisional(live.id, live.started, launch),
    live: () => ({ status: live.status, isWatchedOnly: !live.isMine, isStopping: live.isInterrupted }),
  };
}

/** What a run's folder will say, for until it is read, or for good where nothing is recorded. */
function provisional(id: string, started: number, launch: Driven['launch']): RunFacts {
  const record = {
    format: 1 as const,
    script: launch.program,
    arguments: launch.arguments,
    cwd: launch.cwd,
    device: launch.device,
    threads: launch.threads ?? 0,
    seed: null,
    gitCommit: null,
    versions: { unroll: '', pyodide: '', node: process.versions.node },
    started: new Date(started * 1000).toISOString(),
    engine: null,
    ended: null,
    exitCode: null,
    signal: null,
    error: null,
    steps: null,
  };
  return { id, record, problem: null, bytes: 0, goesOn: true };
}

/** The form follows the file in front, and menus know the files that import torch. */
export function followScripts({ scripts, form }: CommandHost): Subscription[] {
  const look = async (document: vscode.TextDocument | undefined) => {
    void form.update();
    if (document?.languageId !== 'python' || document.uri.scheme !== 'file') return;
    await scripts.facts(document);
    await vscode.commands.executeCommand('setContext', 'unroll.torchFiles', scripts.torchFiles());
  };
  void look(vscode.window.activeTextEditor?.document);
  return [
    vscode.window.onDidChangeActiveTextEditor((editor) => void look(editor?.document)),
    vscode.workspace.onDidSaveTextDocument((document) => void look(document)),
    vscode.workspace.onDidOpenTextDocument((document) => void look(document)),
  ];
}

/** What menus and keys ask for. */
export function followContext({ runs }: CommandHost): Subscription[] {
  const told = new Map<string, unknown>();
  const tell = (key: string, value: unknown) => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  return [
    runs.changed.on(() => {
      const current = runs.current === null ? null : runs.find(runs.current);
      tell('unroll.phase', current?.state ?? 'none');
      tell('unroll.hasRuns', runs.recorded().length > 0);
    }),
  ];
}
