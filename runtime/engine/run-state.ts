// Where a run stands, as its hosts are told.
import path from 'node:path';
import type { Measurement, RunPhase, RunRequest, RunStatus } from '../../protocol/engine.ts';
import { StepRate } from '../step-rate.ts';

/** Of an engine whose run has not been started. */
export const nothingYet: RunStatus = {
  phase: 'starting',
  doing: '',
  folder: null,
  step: 0,
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

  /** What has been measured is on disk. */
  measured(measurements: readonly Measurement[]): void {
    let { step } = this.#status;
    for (const measurement of measurements) {
      if (measurement.kind !== 'step') continue;
      step = measurement.step;
      this.#rate.add(measurement.wallTime);
    }
    if (step === this.#status.step) return;
    const phase: RunPhase = this.#status.phase === 'starting' ? 'running' : this.#status.phase;
    this.#change({ phase, doing: '', step, stepsPerSecond: this.#rate.perSecond });
  }

  ended(): void {
    this.#change({ phase: 'ended', doing: '' });
  }

  #change(change: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tell(this.#status);
  }
}
