// One run, seen from the engine's main thread: the trainer thread beside it, the telemetry on its way from the native
// side to the log and then to the hosts, the run's record.
import path from 'node:path';
import process from 'node:process';
import { MessageChannel, Worker } from 'node:worker_threads';
import type {
  Measurement,
  OutputStream,
  RunEnd,
  RunRequest,
  RunStatus,
  TerminalSize,
} from '../../protocol/engine.ts';
import type { ModelInfo, TensorAnswer, TensorQuestion, VariableInfo } from '../../protocol/inspect.ts';
import type { EngineControl } from '../addon.ts';
import { writeModel } from '../store/model-file.ts';
import {
  createRunFolder,
  gitCommit,
  type RunRecord,
  snapshotName,
  writeRunRecord,
} from '../store/run-folder.ts';
import { control, raiseSignal, sigint, wake } from '../trainer/control.ts';
import type { TrainerData, TrainerMessage } from '../trainer/messages.ts';
import { pyodideVersion, unrollVersion } from '../version.ts';
import { Inspector } from './inspector.ts';
import { RunState } from './run-state.ts';
import { TelemetryPump } from './telemetry-pump.ts';

/** Runaway recursion in the script is an exception with this much stack, the end of the interpreter with less. */
const trainerStackMb = 128;

/** What a run says to its hosts. */
export interface RunHost {
  /** Settles when the bytes have left this process. */
  output: (stream: OutputStream, bytes: Uint8Array) => Promise<void>;
  measured: (measurements: Measurement[]) => void;
  status: (status: RunStatus) => void;
  input: () => Promise<Uint8Array>;
  /** Whether nobody is there, but may come back to hear the end. */
  isAway: () => boolean;
  /** Settles when everybody has been told. */
  finished: (end: RunEnd) => Promise<void>;
  /** Nothing is left to do. */
  over: () => void;
}

/**
 * The engine's name of a device: "gpu" and "gpu:1" are the first and the second that is no processor.
 *
 * @throws where there is none, with the reason
 */
function deviceNamed(asked: string, addon: EngineControl): string {
  if (asked === 'cpu') return asked; // without looking for others
  const { devices, why } = addon.devices();
  const kinds = devices.map(({ kind }) => kind);
  const [, gpu, place] = /^(gpu)(?::(\d+))?$/.exec(asked) ?? [];
  const found = gpu === undefined ? kinds.find((kind) => kind === asked) : kinds[Number(place ?? 0) + 1];
  if (found !== undefined) return found;
  const reason = why === '' ? '' : `: ${why}`;
  throw new Error(`there is no device "${asked}"${reason} (there is: ${kinds.join(', ')})`);
}

export class Run {
  /** Null where nothing is recorded. */
  readonly folder: string | null;
  readonly #addon: EngineControl;
  readonly #host: RunHost;
  readonly #record: RunRecord;
  readonly #state: RunState;
  readonly #inspector: Inspector;
  #knownModel: ModelInfo | null = null;
  readonly #pump: TelemetryPump;
  readonly #shared = new Int32Array(new SharedArrayBuffer(control.size * Int32Array.BYTES_PER_ELEMENT));
  readonly #input = new MessageChannel();
  #isOver = false;

  #end: RunEnd | null = null;

  /**
   * Starts the run.
   *
   * @param socket where other hosts find this engine
   * @throws where the request cannot be met
   */
  constructor(request: RunRequest, addon: EngineControl, host: RunHost, socket: string) {
    addon.useDevice(deviceNamed(request.device, addon));
    if (request.threads !== null) addon.setNumThreads(request.threads);
    addon.setRecording(request.record, request.histogramEvery);
    const started = new Date();
    this.#addon = addon;
    this.#inspector = new Inspector(addon);
    this.#host = host;
    this.#record = newRecord(request, addon.numThreads(), started, socket);
    this.folder = request.record ? createRunFolder(request, started) : null;
    if (this.folder !== null) writeRunRecord(this.folder, this.#record);
    this.#state = new RunState(request, this.folder, addon.numThreads(), host.status);
    this.#pump = new TelemetryPump(addon, this.folder, started, {
      measured: (measurements) => {
        host.measured(measurements);
        this.#state.measured(measurements);
      },
      pumped: (trainer) => {
        this.#state.pumped(trainer);
        this.#keepModel();
      },
      failed: (message) => void this.#say(message),
    });
    this.resize(request.terminalSize);
    this.#startTrainer(request);
  }

  get status(): RunStatus {
    return this.#state.status;
  }

  /** How the run ended; null while it goes on. */
  get end(): RunEnd | null {
    return this.#end;
  }

  /** Raises KeyboardInterrupt in the script. Returns whether the one before has been taken. */
  interrupt(): boolean {
    const delivered = Atomics.load(this.#shared, control.signal) === 0;
    raiseSignal(this.#shared, sigint);
    this.#addon.endPause();
    this.#state.resumed();
    return delivered;
  }

  /** Asks for a pause at the end of the step that is running. */
  pause(): void {
    if (this.#state.status.phase === 'paused') return;
    this.#addon.pause();
    this.#state.pausing();
  }

  resume(): void {
    this.#addon.resume();
    this.#state.resumed();
  }

  /** Goes on for one step and pauses again. */
  stepOnce(): void {
    this.#addon.stepOnce();
    this.#state.pausing();
  }

  /** @throws where there is nothing to scale, or not by that */
  setLearningRateScale(scale: number): void {
    if (!Number.isFinite(scale) || scale < 0)
      throw new Error(`a learning rate cannot be multiplied by ${scale}`);
    if (this.#addon.trainerState().learningRateScale === null) {
      throw new Error('no optimizer of torch.optim has made a step: there is no learning rate to scale');
    }
    this.#addon.setLearningRateScale(scale);
  }

  /** The script's modules; null where nothing newer is known. */
  model({ known }: { known: number | null }): ModelInfo | null {
    const model = this.#inspector.model();
    return model && model.version !== known ? model : null;
  }

  inspect(question: TensorQuestion): Promise<TensorAnswer> {
    return this.#inspector.inspect(question);
  }

  variables(): Promise<{ step: number; variables: VariableInfo[] } | null> {
    return this.#inspector.variables();
  }

  resize({ columns, rows }: TerminalSize): void {
    Atomics.store(this.#shared, control.columns, columns);
    Atomics.store(this.#shared, control.rows, rows);
  }

  /** Closes the log and the record of a run that will not come to its own end. */
  abandon(signal: string): void {
    if (this.#isOver) return;
    this.#close({ signal, engine: null });
  }

  #startTrainer(request: RunRequest): void {
    const data: TrainerData = {
      request,
      shared: this.#shared.buffer,
      input: this.#input.port2,
      snapshotFile: this.folder === null ? null : path.join(this.folder, snapshotName),
    };
    const trainer = new Worker(new URL('./trainer.mjs', import.meta.url), {
      workerData: data,
      transferList: [this.#input.port2],
      resourceLimits: { stackSizeMb: trainerStackMb },
    });
    trainer.on('message', (message: TrainerMessage) => {
      this.#receive(message);
    });
    // Not the script's own failure: the interpreter's, or ours.
    trainer.on('error', (error) => {
      const { name, message } = error;
      void this.#say(`the run broke off: ${message}`).then(() => this.#finish(1, { type: name, message }));
    });
  }

  #receive(message: TrainerMessage): void {
    switch (message.kind) {
      case 'output':
        void this.#host.output(message.stream, message.bytes).then(() => {
          Atomics.sub(this.#shared, control.unsentOutput, message.bytes.length);
          wake(this.#shared);
        });
        return;
      case 'scriptStarted':
        this.#state.scriptStarted();
        return;
      case 'failed':
        void this.#say(message.message);
        return;
      case 'wantInput':
        void this.#host.input().then((bytes) => {
          this.#input.port1.postMessage(bytes);
          wake(this.#shared);
        });
        return;
      case 'ended':
        this.#record.seed = message.seed;
        void this.#finish(message.exitCode, message.error);
        return;
    }
  }

  async #finish(exitCode: number, error: RunEnd['error']): Promise<void> {
    if (this.#isOver) return;
    this.#close({ exitCode, error, engine: this.#host.isAway() ? this.#record.engine : null });
    this.#end = { exitCode, error, steps: this.#pump.steps };
    await this.#host.finished(this.#end);
    if (this.#record.engine !== null) this.#write({ engine: null });
    this.#host.over();
  }

  #close(ending: Partial<RunRecord>): void {
    this.#isOver = true;
    this.#pump.close();
    const ended = new Date().toISOString();
    this.#write({ ...ending, ended, steps: this.#pump.steps });
    this.#state.ended();
  }

  #write(change: Partial<RunRecord>): void {
    Object.assign(this.#record, change);
    this.#toFolder("the run's record", (folder) => {
      writeRunRecord(folder, this.#record);
    });
  }

  /** Writes the model into the run's folder when there is another. */
  #keepModel(): void {
    const model = this.#inspector.model();
    if (model === null || model === this.#knownModel) return;
    this.#knownModel = model;
    this.#toFolder('the description of the model', (folder) => {
      writeModel(folder, model);
    });
  }

  #toFolder(what: string, write: (folder: string) => void): void {
    if (this.folder === null) return;
    try {
      write(this.folder);
    } catch (error) {
      void this.#say(`${what} cannot be written (${(error as Error).message})`);
    }
  }

  /** A line of ours among the script's errors. */
  #say(line: string): Promise<void> {
    return this.#host.output('stderr', Buffer.from(`unroll: ${line}\n`));
  }
}

function newRecord(request: RunRequest, threads: number, started: Date, socket: string): RunRecord {
  return {
    format: 1,
    script: request.script,
    arguments: request.arguments,
    cwd: request.cwd,
    device: request.device,
    threads,
    seed: null,
    gitCommit: gitCommit(path.dirname(request.script)),
    versions: { unroll: unrollVersion(), pyodide: pyodideVersion(), node: process.versions.node },
    started: started.toISOString(),
    engine: { pid: process.pid, socket },
    ended: null,
    exitCode: null,
    signal: null,
    error: null,
    steps: null,
  };
}
