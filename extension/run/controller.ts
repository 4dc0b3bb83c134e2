// The runs that this window drives or watches: starts them, finds those that go on, keeps a terminal for each.
import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { usualHistogramEvery, type Devices } from '../../protocol/engine.ts';
import type { RunRecord } from '../../runtime/store/run-folder.ts';
import { plain } from '../plain.ts';
import { defaultThreads, setting } from '../settings.ts';
import { Signal } from '../signal.ts';
import { ScriptTerminal } from '../views/terminal.ts';
import { type LiveEnd, LiveRun } from './live-run.ts';
import { count, whereEnded } from './summary.ts';
import { ErrorTail } from './error-tail.ts';

/** A reload takes some seconds, in which no window is there. */
const reloadMilliseconds = 8000;
/** How often a window that watches looks whether another still drives. */
const claimMilliseconds = 1000;
/** Under everything that a person waits for. */
const lowPriority = 10;

/** What is trained and how, every choice made. */
export interface Launch {
  /** Absolute path of the script. */
  program: string;
  arguments: string[];
  cwd: string;
  device: string;
  /** Null: as many as the editor can spare. */
  threads: number | null;
  /** Added to the window's own environment. */
  environment: Record<string, string>;
  record: boolean;
  histogramEvery: number;
}

/** A run of this window with all that belongs to it. */
export interface Driven {
  live: LiveRun;
  launch: Launch;
  terminal: ScriptTerminal;
  /** The end of what the script wrote to its standard error, for its tracebacks. */
  errors: ErrorTail;
}

export class Controller {
  readonly started = new Signal<Driven>();
  readonly changed = new Signal<{ driven: Driven; hasGrown: boolean }>();
  readonly ended = new Signal<{ driven: Driven; end: LiveEnd }>();
  /** This window drives from now on what it had only joined. */
  readonly claimed = new Signal<Driven>();
  readonly #driven: Driven[] = [];
  /** By run. */
  readonly #terminals = new Map<string, ScriptTerminal>();
  readonly #attaching = new Set<string>();
  #starting = 0;
  /** The window that drove a run before a reload takes its time to go. */
  readonly #claiming = setInterval(() => {
    for (const driven of this.#driven) if (driven.live.claim()) this.#takeUp(driven);
  }, claimMilliseconds);

  /** @throws where the engine does not come up or refuses the request */
  async start(launch: Launch): Promise<Driven> {
    const terminal = this.#terminalFor(launch.program);
    terminal.show(true);
    const errors = new ErrorTail();
    const request = {
      script: launch.program,
      scriptArgument: path.relative(launch.cwd, launch.program),
      arguments: launch.arguments,
      cwd: launch.cwd,
      environment: { ...ownEnvironment(), TERM: 'xterm-256color', ...launch.environment },
      device: launch.device,
      threads: launch.threads ?? defaultThreads(),
      folder: null,
      record: launch.record,
      histogramEvery: launch.histogramEvery,
      terminals: { stdin: true, stdout: true, stderr: true },
      terminalSize: terminal.size,
    };
    const options = { priority: setting('lowPriority') ? lowPriority : 0, grace: grace() };
    this.#starting++;
    try {
      const live = await LiveRun.start(request, errors.before(terminal), options);
      return this.#adopt({ live, launch, terminal, errors });
    } finally {
      this.#starting--;
    }
  }

  /** Joins a recorded run that goes on, if it does and this window has not joined it yet. */
  async attach(id: string, record: RunRecord): Promise<Driven | null> {
    // What the record of a folder that nobody trusts says is looked at, and nothing more.
    if (!vscode.workspace.isTrusted) return null;
    // A run that is being started here is on disk before it is in the list.
    if (this.#starting > 0 || !record.engine || this.find(id) || this.#attaching.has(id)) return null;
    this.#attaching.add(id);
    const terminal = this.#terminalFor(record.script);
    const errors = new ErrorTail();
    try {
      const live = await LiveRun.attach(record.engine.socket, errors.before(terminal));
      const driven = this.#adopt({ live, launch: launchOf(record), terminal, errors });
      terminal.make();
      if (live.isMine) this.#takeUp(driven);
      return driven;
    } catch {
      return null; // It is over, or of another version: its folder says what is known of it.
    } finally {
      this.#attaching.delete(id);
    }
  }

  find(id: string): Driven | undefined {
    return this.#driven.find(({ live }) => live.id === id);
  }

  terminalOf(id: string): ScriptTerminal | undefined {
    return this.#terminals.get(id);
  }

  async pause(driven: Driven): Promise<void> {
    if (await mayDrive(driven)) await driven.live.ask('pause', null);
  }
  async resume(driven: Driven): Promise<void> {
    if (await mayDrive(driven)) await driven.live.ask('resume', null);
  }
  async step(driven: Driven): Promise<void> {
    if (await mayDrive(driven)) await driven.live.ask('stepOnce', null);
  }
  async setLearningRateScale(driven: Driven, scale: number): Promise<void> {
    if (await mayDrive(driven)) await driven.live.ask('setLearningRateScale', { scale });
  }

  /** The first time interrupts the script, the second ends the run; says which in its terminal. */
  async stop(driven: Driven): Promise<void> {
    const { live, terminal } = driven;
    if (live.status.phase === 'ended' || !(await mayDrive(driven))) return;
    if (live.isInterrupted) {
      terminal.say(vscode.l10n.t('Ending the run.'));
      live.stop();
      return;
    }
    terminal.say(vscode.l10n.t('Interrupting the script; stop once more to end the run at once.'));
    // A script that is paused hears nothing.
    if (live.status.phase === 'paused') await live.ask('resume', null);
    await live.interrupt();
  }

  devices(): Promise<Devices> {
    return LiveRun.devices();
  }

  /** The setting has changed. */
  updateGrace(): void {
    for (const { live } of this.#driven) if (live.isMine) live.setGrace(grace());
  }

  dispose(): void {
    clearInterval(this.#claiming);
    for (const { live } of this.#driven) live.leave();
    for (const terminal of this.#terminals.values()) terminal.dispose();
  }

  #adopt(driven: Driven): Driven {
    const { live, terminal } = driven;
    terminal.onInterrupt = () => void this.stop(driven);
    terminal.onResize = (size) => {
      live.resize(size);
    };
    this.#driven.push(driven);
    this.#terminals.set(live.id, terminal);
    this.started.fire(driven);
    live.changed.on(({ hasGrown }) => {
      this.changed.fire({ driven, hasGrown });
    });
    void live.ended.then((end) => {
      this.#finish(driven, end);
    });
    return driven;
  }

  #takeUp(driven: Driven): void {
    driven.live.setGrace(grace());
    this.claimed.fire(driven);
  }

  /** The terminal of the script's last run, used again; another where that one goes on. */
  #terminalFor(script: string): ScriptTerminal {
    const name = `Unroll: ${plain(path.basename(script))}`;
    for (const [id, terminal] of this.#terminals) {
      if (terminal.script !== script || this.#driven.some((driven) => driven.terminal === terminal)) continue;
      this.#terminals.delete(id);
      terminal.clear();
      return terminal;
    }
    return new ScriptTerminal(name, script);
  }

  #finish(driven: Driven, end: LiveEnd): void {
    this.#driven.splice(this.#driven.indexOf(driven), 1);
    driven.terminal.onInterrupt = () => undefined;
    driven.terminal.onResize = () => undefined;
    driven.terminal.say(sayEnd(driven.live, end));
    this.ended.fire({ driven, end });
  }
}

/** Whether this window drives the run; where another does, the person may take it over. */
async function mayDrive({ live }: Driven): Promise<boolean> {
  if (live.isMine) return true;
  const take = vscode.l10n.t('Take Over');
  const question = vscode.l10n.t('Another window drives this run; this one watches.');
  if ((await vscode.window.showInformationMessage(question, take)) !== take) return false;
  live.takeOver();
  return true;
}

function grace(): number | null {
  return setting('onWindowClose') === 'keep' ? null : reloadMilliseconds;
}

/** What happened, for the end of the script's terminal. */
function sayEnd(live: LiveRun, { end, exit, wasStopped }: LiveEnd): string {
  const step = count(live.status.step);
  if (!end && !wasStopped) {
    const how = exit.signal ?? vscode.l10n.t('code {0}', exit.code ?? 0);
    const where = whereEnded(live.status.step);
    const ended = vscode.l10n.t('The engine ended with {0} {1}; the log is kept up to there.', how, where);
    return exit.lastWords === '' ? ended : `${ended}\r\n${exit.lastWords.replaceAll('\n', '\r\n')}`;
  }
  if (end && end.exitCode !== 0 && !wasStopped) {
    return vscode.l10n.t('Ended with code {0} after {1} steps.', end.exitCode, step);
  }
  return live.status.folder === null
    ? vscode.l10n.t('Ended after {0} steps; nothing was recorded.', step)
    : vscode.l10n.t('Saved. {0} steps.', step);
}

/** What a record says of how its run was started; its environment is not kept. */
function launchOf({ script, arguments: args, cwd, device, threads }: RunRecord): Launch {
  return {
    ...{ program: script, arguments: args, cwd, device, threads },
    ...{ environment: {}, record: true, histogramEvery: usualHistogramEvery },
  };
}

/** This process's environment without what VS Code keeps there for itself. */
function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(VSCODE_|ELECTRON_|CODE_SERVER_)/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
