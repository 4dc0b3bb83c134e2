// `unroll run`: starts an engine process, shows what it says, passes on what the terminal says.
import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { HostMethods, Measurement, RunEnd, RunRequest, TerminalSize } from '../../protocol/engine.ts';
import { ClosedError, type Handlers } from '../../protocol/rpc.ts';
import { findEventFile } from '../store/run-folder.ts';
import { type RunOptions, UsageError } from './arguments.ts';
import { EngineProcess } from './engine-process.ts';
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
  const output = new Output(options.json);
  let steps = 0;
  let end: RunEnd | null = null;
  const handlers: Handlers<HostMethods> = {
    output({ stream, bytes }) {
      if (!output.write(stream, bytes)) {
        engine.transport.pause();
        output.onceDrained(() => {
          engine.transport.resume();
        });
      }
    },
    measured(measurements) {
      steps += measurements.filter(({ kind }) => kind === 'step').length;
      showMeasurements(measurements, options.json, output);
    },
    input: () => output.hiddenWhile(readInput),
    finished(result) {
      end = result;
    },
  };
  const engine = await EngineProcess.start(handlers);
  const stopped = watchSignals(engine);
  watchTerminalSize(engine);
  let folder: string | null;
  try {
    ({ folder } = await engine.rpc.call('start', request(options, script)));
  } catch (error) {
    engine.kill();
    if (!(error instanceof ClosedError)) throw error;
    folder = null;
  }
  const exit = await engine.exited;
  await engine.rpc.closed;
  output.close();
  process.stdin.destroy();
  const log = folder === null ? null : path.relative(process.cwd(), findEventFile(folder) ?? folder);
  const kept = log === null ? '' : `; its log is kept: ${log}`;
  const stopSignal = stopped();
  if (end) {
    if (process.stderr.isTTY && log !== null) {
      const result = end as RunEnd;
      console.error(`unroll: ${result.steps} steps, recorded in ${path.dirname(log)}`);
    }
    return (end as RunEnd).exitCode;
  }
  if (stopSignal) {
    console.error(`unroll: stopped after step ${steps}${kept}`);
    return 128 + os.constants.signals[stopSignal];
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code ?? 0}`;
  console.error(`unroll: the engine ${how} after step ${steps}${kept}`);
  if (exit.lastWords) console.error(exit.lastWords);
  return exit.signal ? 128 + os.constants.signals[exit.signal] : (exit.code ?? 0) || 1;
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

function watchTerminalSize(engine: EngineProcess): void {
  process.on('SIGWINCH', () => {
    engine.rpc.notify('resize', terminalSize());
  });
}

/** Passes signals on. Returns what says which signal, if any, has ended the run. */
function watchSignals(engine: EngineProcess): () => NodeJS.Signals | null {
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

function showMeasurements(measurements: Measurement[], json: boolean, output: Output): void {
  if (json) for (const measurement of measurements) output.json(jsonLine(measurement));
  else output.measured(measurements);
}
