// The native addon: where it lies, and what it offers to this side. Both threads of the engine process load it, and
// share its state.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Devices } from '../protocol/engine.ts';
import type { TensorQuestion, TensorReading } from '../protocol/inspect.ts';

/** What the trainer thread lets the others know at any time. */
export interface TrainerState {
  /** Whether it waits at a step's end; everything up to there can be drained. */
  isPaused: boolean;
  /** The factor asked for; null where no optimizer has ended a step. */
  learningRateScale: number | null;
  /** Of the loader that drives the training, in batches. */
  progress: { done: number; total: number } | null;
}

/** The engine's main thread's part. */
export interface EngineControl {
  /** Takes what the trainer has left since the last time, whole records; returns how many bytes that are. */
  drain(into: Uint8Array): number;
  /** Room for what can be drained at a time. */
  recordBytes(): number;
  /** Asks for a pause at the end of the step that is running. */
  pause(): void;
  resume(): void;
  /** Goes on for one step. */
  stepOnce(): void;
  /** Lets a paused trainer take a signal. */
  endPause(): void;
  setLearningRateScale(scale: number): void;
  trainerState(): TrainerState;
  /** Leaves a question for the trainer; returns a ticket. */
  ask(question: TensorQuestion): number;
  /** Undefined until the trainer has answered; once. */
  answer(ticket: number): TensorReading | undefined;
  forget(ticket: number): void;
  /** What the script's side has said last (JSON), where it is newer than the version `known`. */
  description(what: 'model' | 'variables', known: number): { version: number; text: string } | null;
  setNumThreads(count: number): void;
  numThreads(): number;
  /** Looks for them when first called, which takes a moment. */
  devices(): Devices;
  /** What a script's "cuda" stands for; "cpu": nothing. */
  useDevice(kind: string): void;
  /** `histogramEvery`: as `RunRequest`'s. */
  setRecording(on: boolean, histogramEvery: number): void;
}

/** The trainer thread's part, beside the flat functions that Python calls through its module `_engine`. */
export interface EngineTrainer {
  /** Lets the addon copy into and out of the interpreter's memory by address. */
  bindMemory(memory: () => ArrayBuffer): void;
  /** Writes parameters and gradients as safetensors, atomically. */
  snapshot(file: string): void;
}

/** In a checkout and in a package alike: beside dist/. `UNROLL_ADDON` names another, for tests. */
export const addonFile =
  process.env['UNROLL_ADDON'] ?? fileURLToPath(new URL('../build/native/unroll.node', import.meta.url));

/** @throws an error that says what to do */
export function loadAddon(): EngineControl & EngineTrainer {
  try {
    return createRequire(import.meta.url)(addonFile) as EngineControl & EngineTrainer;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Error(`the native engine cannot be loaded (${why}); \`npm run setup\` builds it`, {
      cause: error,
    });
  }
}
