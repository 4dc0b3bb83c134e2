// `unroll run`: starts an engine process, shows what it says, passes on what the terminal says.
import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { HostMethods, RunEnd, RunRequest, TerminalSize } from '../../protocol/engine.ts';
import { ClosedError, type Handlers } from '../../protocol/rpc.ts';
import { type EngineExit, EngineClient } from '../engine-client.ts';
import { findEventFile } from '../store/run-folder.ts';
import { type RunOptions, UsageError } from './arguments.ts';
import { count } from './format.ts';
import { readInput } from './input.ts';
import { Output } from './output.ts';
import { jsonLine } from './json-line.ts';

/** Two interrupts within this time end the run. */
const doubleMilliseconds = 1000;
/** An engine that was told to stop and does not is killed. */
const stopMilliseconds = 3000;

/** Runs the script; returns its exit code. */
export async function runScript(options: RunOptions): Promise<number> {
  const script = checkScript(options.script);
  const session = new Session(options);
  const engine = await EngineClient.start(session.handlers);
  session.engine = engine;
  const endingSignal = watchSignals(engine);
  process.on('SIGWINCH', () => {
    engine.rpc.notify('resize', terminalSize());
  });
  let folder: string | null = null;
  try {
    ({ folder } = await engine.rpc.call('start', request(options, script)));
  } catch (error) {
    engine.kill();
    if (!(error instanceof ClosedError)) throw error;
  }
  const exit = await engine.exited;
  await engine.rpc.closed;
  session.close();
  return report(session, exit, endingSignal(), folder);
}

/** What has come from the engine in this run, and where it goes. */
class Session {
  /** The process; set before it can speak. */
  engine: EngineClient | null = null;
  end: RunEnd | null = null;
  /** The last step that is on disk. */
  step = 0;
  readonly #json: boolean;
  #isWaiting = false;
  readonly #output: Output;
  readonly handlers: Handlers<HostMethods> = {
    output: ({ stream, bytes }) => {
      if (this.#output.write(stream, bytes) || this.#isWaiting) return;
      // The terminal is slower than the script: read no more until it is done.
      this.#isWaiting = true;
      this.engine?.transport.pause();
      this.#output.onceDrained(() => {
        this.#isWaiting = false;
        this.engine?.transport.resume();
      });
    },
    measured: (measurements) => {
      this.step = measurements.findLast(({ kind }) => kind === 'step')?.step ?? this.step;
      if (this.#json) for (const measurement of measurements) this.#output.json(jsonLine(measurement));
      else this.#output.measured(measurements);
    },
    // The status line has it from the measurements.
    status: () => undefined,
    input: () => this.#output.hiddenWhile(readInput),
    finished: (end) => {
      this.end = end;
    },
  };

  constructor({ json }: RunOptions) {
    this.#json = json;
    this.#output = new Output(json);
  }

  close(): void {
    this.#output.close();
    process.stdin.destroy();
  }
}

/** Says how the run ended, where the script has not said it, and returns the exit code. */
function report(
  { end, step }: Session,
  exit: EngineExit,
  signal: NodeJS.Signals | null,
  folder: string | null,
): number {
  const shown = folder === null ? null : path.relative(process.cwd(), folder) || '.';
  if (end) {
    if (process.stderr.isTTY && shown !== null) {
      console.error(`unroll: ${count(end.steps)} steps, recorded in ${shown}`);
    }
    return end.exitCode;
  }
  const log = folder === null ? null : findEventFile(folder);
  const kept = log === null ? '' : `; the log up to there is kept: ${path.relative(process.cwd(), log)}`;
  const where = step === 0 ? 'before the end of a first step' : `after step ${count(step)}`;
  if (signal) {
    console.error(`unroll: stopped by ${signal} ${where}${kept}`);
    return 128 + os.constants.signals[signal];
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code ?? 0}`;
  console.error(`unroll: the engine ${how} ${where}${kept}`);
  if (exit.lastWords) console.error(exit.lastWords);
  return exit.signal ? 128 + os.constants.signals[exit.signal] : exit.code || 1;
}

/** @throws UsageError where there is no such script */
function checkScript(name: string): string {
  const script = path.resolve(name);
  try {
    if (!statSync(script).isFile()) throw new UsageError(`${name} is not a file`);
    accessSync(script, constants.R_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UsageError(`cannot open ${name}: ${why}`, { cause: error });
  }
  return script;
}

function request(options: RunOptions, script: string): RunRequest {
  const environment = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    script,
    scriptArgument: options.script,
    arguments: options.arguments,
    cwd: process.cwd(),
    environment: Object.fromEntries(environment),
    device: options.device,
    threads: options.threads,
    folder: options.out,
    record: options.record,
    histogramEvery: options.histogramEvery,
    terminals: {
      stdin: process.stdin.isTTY,
      stdout: (options.json ? process.stderr : process.stdout).isTTY,
      stderr: process.stderr.isTTY,
    },
    terminalSize: terminalSize(),
  };
}

function terminalSize(): TerminalSize {
  const stream = process.stdout.isTTY ? process.stdout : process.stderr;
  return { columns: stream.columns || 80, rows: stream.rows || 24 };
}

/** Passes signals on. Returns what says which signal, if any, has ended the run. */
function watchSignals(engine: EngineClient): () => NodeJS.Signals | null {
  let ending: NodeJS.Signals | null = null;
  let lastInterrupt = -Infinity;
  const stop = (signal: NodeJS.Signals) => {
    if (ending) engine.kill();
    ending ??= signal;
    engine.rpc.notify('stop', { signal });
    setTimeout(() => {
      engine.kill();
    }, stopMilliseconds).unref();
  };
  process.on('SIGINT', () => {
    const now = performance.now();
    const isDouble = now - lastInterrupt < doubleMilliseconds;
    lastInterrupt = now;
    if (isDouble) {
      stop('SIGINT');
      return;
    }
    engine.rpc.call('interrupt', null).then(
      ({ delivered }) => {
        // The one before is still waiting: the script does not listen.
        if (!delivered) stop('SIGINT');
      },
      () => undefined, // the engine is gone; its end is reported elsewhere
    );
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop(signal);
    });
  }
  return () => ending;
}
