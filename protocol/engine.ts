// What an engine process and its host (the command line, the extension) say to each other.
import type { ModelInfo, TensorAnswer, TensorQuestion, VariableInfo } from './inspect.ts';

/** Raised whenever a method, a parameter or its meaning changes. Both sides refuse another version. */
export const protocolVersion = 3;

/** What a host asks of the engine. An engine may have several hosts at a time: the first starts the run, others watch. */
export interface EngineMethods {
  /** The first call of every host, which says whether it is to be told `measured`. @throws where the versions differ */
  hello: (params: { protocol: number; wantsMeasurements: boolean }) => {
    protocol: number;
    pid: number;
    status: RunStatus;
  };
  devices: (params: null) => Devices;
  /** Starts the one run of this process; answers when its folder stands. @throws where it cannot be made */
  start: (params: RunRequest) => { folder: string | null };
  /** The run goes on while this host is away: this long after the last host has gone, the engine ends it (null: never). */
  setGrace: (params: { milliseconds: number | null }) => void;
  /** Asks for a pause at the end of the step that is running. */
  pause: (params: null) => void;
  resume: (params: null) => void;
  /** While paused: goes on for one training step and pauses again. */
  stepOnce: (params: null) => void;
  /** Every optimizer's learning rates are multiplied by it from the next step on (schedulers and groups keep their say). */
  setLearningRateScale: (params: { scale: number }) => void;
  /** The modules and their tensors; null where nothing is known yet, or nothing newer than the version `known`. */
  model: (params: { known: number | null }) => ModelInfo | null;
  /** Looks into a tensor; answers within a tenth of a second or so, with what there is by then. */
  inspect: (params: TensorQuestion) => TensorAnswer;
  /** The tensors in the script's variables at the end of a step; null where no step has ended since they were asked for. */
  variables: (params: null) => { step: number; variables: VariableInfo[] } | null;
  /** Raises KeyboardInterrupt in the script. `delivered`: whether the one asked for before has reached it. */
  interrupt: (params: null) => { delivered: boolean };
  /** Ends the run at once; the log is closed first. `signal` is what the run's record says. */
  stop: (params: { signal: string }) => void;
  resize: (params: TerminalSize) => void;
}

/** What the engine tells its host, or asks of it. */
export interface HostMethods {
  /** Bytes of the script's own output, as they come. */
  output: (params: { stream: OutputStream; bytes: Uint8Array }) => void;
  /** What was measured since the last time; on disk by now. */
  measured: (params: Measurement[]) => void;
  /** The run's state has changed; also sent after `start`, and ten times a second at most while steps pass. */
  status: (params: RunStatus) => void;
  /** A piece of standard input, at most a line where it is a terminal; empty at its end. */
  input: (params: null) => Uint8Array;
  /** The run is over and its folder complete. */
  finished: (params: RunEnd) => void;
}

export type OutputStream = 'stdout' | 'stderr';

export interface TerminalSize {
  columns: number;
  rows: number;
}

export interface Devices {
  devices: Device[];
  /** Why there is no other device than the processor; empty where there is. */
  why: string;
  /** Why a GPU's matrix products are Unroll's own kernels'; empty where they are CLBlast's. */
  whyNoClblast: string;
}

export interface Device {
  kind: string;
  name: string;
  /** Bytes of memory. */
  memory: number;
  /** The processor's instruction set in use, another device's driver. */
  isa: string;
  /** Whether it computes in float64. */
  float64: boolean;
}

/** Where nothing else is said. */
export const usualHistogramEvery = 100;

export interface RunRequest {
  /** Absolute path of the script. */
  script: string;
  /** The script as the user wrote it: sys.argv[0]. */
  scriptArgument: string;
  arguments: string[];
  cwd: string;
  environment: Record<string, string>;
  device: string;
  /** Threads of the kernels; null: as many as the machine has cores. */
  threads: number | null;
  /** The run folder; null: a new one under cwd/.unroll/runs. */
  folder: string | null;
  /** Whether steps are measured and a run folder is written. */
  record: boolean;
  /** Every how many steps the distributions of weights and gradients are written too; 0: never. */
  histogramEvery: number;
  /** Which of the host's streams are terminals. */
  terminals: { stdin: boolean; stdout: boolean; stderr: boolean };
  terminalSize: TerminalSize;
}

/** One moment's numbers, under the names of their series. */
export interface Measurement {
  /** step: an optimizer's step ended; scalars: numbers of no step's end; event: something happened. */
  kind: 'step' | 'scalars' | 'event';
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  scalars: Record<string, number>;
  /** One number a time step. */
  vectors: Record<string, number[]>;
  /** Of each, left edge, right edge and count of every bin as float32, little-endian, one after the other. */
  histograms?: Record<string, Uint8Array>;
  /** Of an event. */
  text?: string;
}

export interface RunEnd {
  /** 0 to 255, as the script's own process would return it. */
  exitCode: number;
  /** The uncaught exception, where there is one. */
  error: { type: string; message: string } | null;
  steps: number;
}

/**
 * starting: Python starts, the script is read; no step has ended. running: steps pass. pausing: a pause was asked for
 * and the step is not over. paused: at a step's end. ended: see `RunEnd`.
 */
export type RunPhase = 'starting' | 'running' | 'pausing' | 'paused' | 'ended';

export interface RunStatus {
  phase: RunPhase;
  /** What it is doing, in words, while starting: "Starting Python", "Running train.py". */
  doing: string;
  /** The run's folder; null where nothing is recorded or no run has started. */
  folder: string | null;
  /** The last step that is on disk. */
  step: number;
  /** The last `loss/train`; null before the first. */
  loss: number | null;
  /** Steps a second over the last seconds; NaN before the second step. */
  stepsPerSecond: number;
  /** How far the loader that drives the training is through its pass: batches done and in all; null where not known. */
  progress: { done: number; total: number } | null;
  /** The factor on the learning rates; null where no optimizer of torch.optim has stepped, so that there is nothing to scale. */
  learningRateScale: number | null;
  device: string;
  threads: number;
}
