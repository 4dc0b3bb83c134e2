// What the engine's main thread and the trainer thread send each other.
import type { MessagePort } from 'node:worker_threads';
import type { OutputStream, RunEnd, RunRequest } from '../../protocol/engine.ts';

/** What the trainer thread is started with. */
export interface TrainerData {
  request: RunRequest;
  /** See control.ts. */
  shared: SharedArrayBuffer;
  /** Input comes through here: the trainer reads it while it blocks. */
  input: MessagePort;
  /** Where the last state of parameters and gradients goes; null: nowhere. */
  snapshotFile: string | null;
}

export type TrainerMessage =
  | { kind: 'output'; stream: OutputStream; bytes: Uint8Array }
  | { kind: 'scriptStarted' }
  /** Something of ours, not of the script's, went wrong; the run goes on. */
  | { kind: 'failed'; message: string }
  | { kind: 'wantInput' }
  | { kind: 'ended'; exitCode: number; error: RunEnd['error']; seed: string | null };
