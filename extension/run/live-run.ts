// A run that goes on: this window's end of the conversation with its engine process.
import type { HostMethods, RunEnd, RunRequest, RunStatus, TerminalSize } from '../../protocol/engine.ts';
import { ClosedError, type Handlers } from '../../protocol/rpc.ts';
import { EngineClient, type EngineExit } from '../../runtime/engine-client.ts';
import { Signal } from '../signal.ts';

/** An engine that was told to stop and does not is killed. */
const stopMilliseconds = 3000;

/** How a run came to its end. */
export interface LiveEnd {
  /** Null where the engine did not come to say it. */
  end: RunEnd | null;
  exit: EngineExit;
  /** Whether somebody here asked for the end. */
  wasStopped: boolean;
}

/** Where the script's input comes from and its output goes. */
export interface RunConsole {
  output: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  input: () => Promise<Uint8Array>;
}

export class LiveRun {
  readonly request: RunRequest;
  readonly started = Date.now() / 1000;
  /** Settles when the engine is gone. */
  readonly ended: Promise<LiveEnd>;
  readonly changed = new Signal<LiveRun>();
  status: RunStatus;
  lastLoss: number | null = null;
  readonly #engine: EngineClient;
  #end: RunEnd | null = null;
  #wasStopped = false;
  #interruptedAt = -Infinity;

  private constructor(engine: EngineClient, request: RunRequest) {
    this.#engine = engine;
    this.request = request;
    this.status = {
      phase: 'starting',
      doing: '',
      folder: null,
      step: 0,
      stepsPerSecond: NaN,
      progress: null,
      learningRateScale: null,
      device: request.device,
      threads: request.threads ?? 0,
    };
    this.ended = this.#watch();
  }

  /** @throws where the engine does not come up or refuses the request */
  static async start(request: RunRequest, console: RunConsole): Promise<LiveRun> {
    const place: { run: LiveRun | null } = { run: null };
    const handlers: Handlers<HostMethods> = {
      output: ({ stream, bytes }) => {
        console.output(stream, bytes);
      },
      measured: (measurements) => {
        const run = place.run;
        if (!run) return;
        for (const { scalars } of measurements) run.lastLoss = scalars['loss/train'] ?? run.lastLoss;
        run.changed.fire(run);
      },
      status: (status) => {
        const run = place.run;
        if (!run) return;
        run.status = status;
        run.changed.fire(run);
      },
      input: () => console.input(),
      finished: (end) => {
        if (place.run) place.run.#end = end;
      },
    };
    const engine = await EngineClient.start(handlers);
    const run = new LiveRun(engine, request);
    place.run = run;
    try {
      const { folder } = await engine.rpc.call('start', request);
      run.status = { ...run.status, folder };
    } catch (error) {
      engine.kill();
      if (error instanceof ClosedError) {
        const { lastWords, signal, code } = await engine.exited;
        throw new Error(lastWords || `the engine ended with ${signal ?? `code ${code ?? 0}`}`, {
          cause: error,
        });
      }
      throw error;
    }
    return run;
  }

  /** The run folder's path, or a name of its own where nothing is recorded. */
  get id(): string {
    return this.status.folder ?? `unrecorded:${this.started}`;
  }

  /** Raises KeyboardInterrupt in the script; where it has not taken the one before, ends the run. */
  async interrupt(): Promise<'interrupting' | 'ending'> {
    this.#wasStopped = true;
    const { delivered } = await this.#engine.rpc.call('interrupt', null);
    if (delivered) {
      this.#interruptedAt = performance.now();
      return 'interrupting';
    }
    this.stop();
    return 'ending';
  }

  /** Whether an interrupt was sent and the run goes on all the same. */
  get isInterrupted(): boolean {
    return this.#interruptedAt > -Infinity && this.#end === null;
  }

  /** Ends the run at once; its log is closed first. */
  stop(): void {
    this.#wasStopped = true;
    this.#engine.rpc.notify('stop', { signal: 'SIGTERM' });
    setTimeout(() => {
      this.#engine.kill();
    }, stopMilliseconds).unref();
  }

  resize(size: TerminalSize): void {
    this.#engine.rpc.notify('resize', size);
  }

  async #watch(): Promise<LiveEnd> {
    const exit = await this.#engine.exited;
    await this.#engine.rpc.closed;
    this.status = { ...this.status, phase: 'ended' };
    const end = { end: this.#end, exit, wasStopped: this.#wasStopped };
    this.changed.fire(this);
    return end;
  }
}
