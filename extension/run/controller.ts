// The runs that this window drives: starts them, keeps a terminal for each, knows how each ended.
import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { defaultThreads } from '../settings.ts';
import { Signal } from '../signal.ts';
import { ScriptTerminal } from '../views/terminal.ts';
import { type LiveEnd, LiveRun } from './live-run.ts';

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
  readonly changed = new Signal<Driven>();
  readonly ended = new Signal<{ driven: Driven; end: LiveEnd }>();
  readonly #driven: Driven[] = [];
  readonly #terminals = new Map<string, ScriptTerminal>();

  /** @throws where the engine does not come up or refuses the request */
  async start(launch: Launch): Promise<Driven> {
    const terminal = this.#terminalFor(launch.program);
    terminal.show(true);
    const errors = new ErrorTail();
    const live = await LiveRun.start(
      {
        script: launch.program,
        scriptArgument: path.relative(launch.cwd, launch.program),
        arguments: launch.arguments,
        cwd: launch.cwd,
        environment: { ...ownEnvironment(), TERM: 'xterm-256color', ...launch.environment },
        device: launch.device,
        threads: launch.threads ?? defaultThreads(),
        folder: null,
        record: launch.record,
        terminals: { stdin: true, stdout: true, stderr: true },
        terminalSize: terminal.size,
      },
      {
        output(stream, bytes) {
          if (stream === 'stderr') errors.add(bytes);
          terminal.output(stream, bytes);
        },
        input: () => terminal.input(),
      },
    );
    const driven: Driven = { live, launch, terminal, errors };
    terminal.onInterrupt = () => void this.stop(driven);
    terminal.onResize = (size) => {
      live.resize(size);
    };
    this.#driven.push(driven);
    this.started.fire(driven);
    live.changed.on(() => {
      this.changed.fire(driven);
    });
    void live.ended.then((end) => {
      this.#finish(driven, end);
    });
    return driven;
  }

  /** The runs that go on, the newest first. */
  get running(): Driven[] {
    return [...this.#driven].reverse();
  }

  find(id: string): Driven | undefined {
    return this.#driven.find(({ live }) => live.id === id);
  }

  /** The first time interrupts the script, the second ends the run; says which in its terminal. */
  async stop(driven: Driven): Promise<void> {
    const { live, terminal } = driven;
    if (live.status.phase === 'ended') return;
    if (live.isInterrupted) {
      terminal.say(vscode.l10n.t('Ending the run.'));
      live.stop();
    } else {
      terminal.say(vscode.l10n.t('Interrupting the script; stop once more to end the run at once.'));
      await live.interrupt();
    }
    this.changed.fire(driven);
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.dispose();
  }

  /** One terminal a script, used again by its next run; another where that one is in use. */
  #terminalFor(script: string): ScriptTerminal {
    const used = this.#terminals.get(script);
    if (used && !this.#driven.some(({ terminal }) => terminal === used)) {
      used.clear();
      return used;
    }
    const terminal = new ScriptTerminal(`Unroll: ${path.basename(script)}`);
    this.#terminals.set(script, terminal);
    return terminal;
  }

  #finish(driven: Driven, end: LiveEnd): void {
    this.#driven.splice(this.#driven.indexOf(driven), 1);
    driven.terminal.onInterrupt = () => undefined;
    driven.terminal.onResize = () => undefined;
    driven.terminal.say(sayEnd(driven.live, end));
    this.ended.fire({ driven, end });
  }
}

/** "Saved. 1,430 steps." or what went wrong. */
export function sayEnd(live: LiveRun, { end, exit, wasStopped }: LiveEnd): string {
  const step = live.status.step.toLocaleString('en');
  if (!end && !wasStopped) {
    const how = exit.signal ?? vscode.l10n.t('code {0}', exit.code ?? 0);
    return vscode.l10n.t('The engine ended with {0} after step {1}; the log up to there is kept.', how, step);
  }
  if (end?.error && !wasStopped) return `${end.error.type}: ${end.error.message}`;
  return live.status.folder === null
    ? vscode.l10n.t('Ended after {0} steps; nothing was recorded.', step)
    : vscode.l10n.t('Saved. {0} steps.', step);
}

/** The last part of what came on a stream. */
export class ErrorTail {
  readonly #decoder = new TextDecoder();
  text = '';

  add(bytes: Uint8Array): void {
    this.text = (this.text + this.#decoder.decode(bytes, { stream: true })).slice(-100_000);
  }
}

/** This process's environment without what VS Code keeps there for itself. */
function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(VSCODE_|ELECTRON_|CODE_SERVER_)/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
