// Where a run stands, as its hosts are told.
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Measurement, RunRequest, RunStatus } from '../../protocol/engine.ts';
import type { TrainerState } from '../addon.ts';
import { StepRate } from '../step-rate.ts';

/** Of an engine whose run has not been started. */
export const nothingYet: RunStatus = {
  phase: 'starting',
  doing: '',
  folder: null,
  step: 0,
  loss: null,
  stepsPerSecond: NaN,
  progress: null,
  learningRateScale: null,
  device: '',
  threads: 0,
};

export class RunState {
  readonly #script: string;
  readonly #tell: (status: RunStatus) => void;
  readonly #rate = new StepRate();
  #status: RunStatus;
  #step = nothingYet.step;
  #loss = nothingYet.loss;

  constructor(
    request: RunRequest,
    folder: string | null,
    threads: number,
    tell: (status: RunStatus) => void,
  ) {
    this.#script = path.basename(request.script);
    this.#tell = tell;
    this.#status = { ...nothingYet, folder, device: request.device, threads, doing: 'Starting Python' };
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** The interpreter is there and runs the script. */
  scriptStarted(): void {
    if (this.#status.phase === 'starting') this.#change({ doing: `Running ${this.#script}` });
  }

  /** A pause was asked for, or one step more. */
  pausing(): void {
    if (this.#status.phase !== 'ended') this.#change({ phase: 'pausing' });
  }

  resumed(): void {
    if (this.#status.phase !== 'pausing' && this.#status.phase !== 'paused') return;
    this.#rate.restart();
    this.#change({ phase: this.#status.step > 0 ? 'running' : 'starting' });
  }

  /** What is on disk by now; told with the next `pumped`. */
  measured(measurements: readonly Measurement[]): void {
    for (const measurement of measurements) {
      this.#loss = measurement.scalars['loss/train'] ?? this.#loss;
      if (measurement.kind !== 'step') continue;
      this.#step = measurement.step;
      this.#rate.add(measurement.wallTime);
    }
  }

  /** All that the trainer had measured when it stood like this is on disk. */
  pumped(trainer: TrainerState): void {
    let { phase, doing } = this.#status;
    const step = this.#step;
    if (step > 0) doing = '';
    if (step > 0 && phase === 'starting') phase = 'running';
    if (trainer.isPaused && phase === 'pausing') phase = 'paused';
    const { learningRateScale, progress } = trainer;
    const next = { phase, doing, step, loss: this.#loss, learningRateScale, progress };
    if (!isDeepStrictEqual({ ...this.#status, ...next }, this.#status)) {
      this.#change({ ...next, stepsPerSecond: this.#rate.perSecond });
    }
  }

  ended(): void {
    this.#change({ phase: 'ended', doing: '' });
  }

  #change(change: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tell(this.#status);
  }
}
