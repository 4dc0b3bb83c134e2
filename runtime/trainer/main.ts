// The trainer thread: Python and, below it, everything that computes. It runs one script and ends.
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { PyodideAPI } from 'pyodide';
import type { RunEnd } from '../../protocol/engine.ts';
import { type EngineTrainer, loadAddon } from '../addon.ts';
import { control, interruptSlot, sigint, waitForWake } from './control.ts';
import { directCalls } from './direct-calls.ts';
import { mountHostFiles } from './host-files.ts';
import type { TrainerData, TrainerMessage } from './messages.ts';
import { startPython } from './python.ts';
import { Streams } from './streams.ts';

const program = fileURLToPath(new URL('../bin/unroll', import.meta.url));

/** What session.py offers. */
interface Session {
  install_engine: (functions: unknown, direct: unknown) => void;
  begin: (host: unknown, environment: unknown, cwd: string, program: string) => void;
  run: (script: string, argument: string, args: unknown) => PythonDict;
  seed: () => string | undefined;
  describe_model: () => void;
}
interface PythonDict {
  toJs: (options: object) => { exitCode: number; type: string | undefined; message: string | undefined };
  destroy: () => void;
}

const data = workerData as TrainerData;
const shared = new Int32Array(data.shared);

function post(message: TrainerMessage): void {
  parentPort?.postMessage(message);
}

async function main(): Promise<void> {
  const addon = loadAddon();
  const python = await startPython();
  // The interpreter's memory is another buffer after it has grown.
  addon.bindMemory(() => memoryOf(python));
  const streams = new Streams(shared, data.input, post);
  const { terminals } = data.request;
  python.setStdin(streams.reader(terminals.stdin));
  python.setStdout(streams.writer('stdout', terminals.stdout));
  python.setStderr(streams.writer('stderr', terminals.stderr));
  mountHostFiles(python);
  const end = runScript(python, addon);
  if (data.snapshotFile !== null) keepSnapshot(addon, data.snapshotFile);
  post(end);
}

/** The script's end is its own, whether or not its weights could be kept. */
function keepSnapshot(addon: EngineTrainer, file: string): void {
  try {
    addon.snapshot(file);
  } catch (error) {
    post({ kind: 'failed', message: (error as Error).message });
  }
}

function runScript(python: PyodideAPI, functions: EngineTrainer): TrainerMessage {
  const { request } = data;
  const session = python.pyimport('_unroll') as unknown as Session;
  const environment = python.toPy(request.environment) as unknown;
  session.install_engine(functions, directCalls(python, functions, hasSignal));
  session.begin(host, environment, request.cwd, program);
  post({ kind: 'scriptStarted' });
  python.setInterruptBuffer(interruptSlot(shared) as never);
  const result = session.run(request.script, request.scriptArgument, python.toPy(request.arguments));
  python.setInterruptBuffer(undefined as never);
  const { exitCode, type, message } = result.toJs({ dict_converter: Object.fromEntries });
  session.describe_model();
  const error: RunEnd['error'] = type === undefined ? null : { type, message: message ?? '' };
  return { kind: 'ended', exitCode, error, seed: session.seed() ?? null };
}

const hasSignal = () => Atomics.load(shared, control.signal) !== 0;

/** What session.py may ask of this side. */
const host = {
  /** Puts an interrupt off to the next chance. */
  rearm: () => Atomics.store(shared, control.signal, sigint),
  /** Waits; true where a signal came first. */
  sleep: (milliseconds: number): boolean => {
    waitForWake(shared, Atomics.load(shared, control.wake), milliseconds);
    return hasSignal();
  },
  takeSignal: () => Atomics.exchange(shared, control.signal, 0),
};

function memoryOf(python: PyodideAPI): ArrayBuffer {
  return (python as unknown as { _module: { HEAPU8: Uint8Array<ArrayBuffer> } })._module.HEAPU8.buffer;
}

await main();
