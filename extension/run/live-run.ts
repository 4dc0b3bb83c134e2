// A run that goes on: this window's end of the conversation with its engine process.
import type {
  Devices,
  EngineMethods,
  HostMethods,
  OutputStream,
  RunEnd,
  RunRequest,
  RunStatus,
  TerminalSize,
} from '../../protocol/engine.ts';
import { ClosedError, type Handlers, type Result } from '../../protocol/rpc.ts';
import { EngineClient, type EngineExit } from '../../runtime/engine-client.ts';
import { Signal } from '../signal.ts';
import { claim, isMine, take } from './ownership.ts';

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
  output: (stream: OutputStream, bytes: Uint8Array) => void;
  input: () => Promise<Uint8Array>;
}

export interface StartOptions {
  /** How far the engine gives way to other programs: 0 to 19. */
  priority: number;
  /** How long the run goes on with no window there, in milliseconds; null: to its end. */
  grace: number | null;
}

/** What others may ask of the engine through a run. */
type Asked = 'pause' | 'resume' | 'stepOnce' | 'setLearningRateScale' | 'model' | 'inspect' | 'variables';

export class LiveRun {
  /** Seconds since 1970. */
  readonly started = Date.now() / 1000;
  /** Settles when the engine is gone. */
  readonly ended: Promise<LiveEnd>;
  /** The state has changed; `hasGrown`: there are more points on disk. */
  readonly changed = new Signal<{ hasGrown: boolean }>();
  status: RunStatus;
  readonly #engine: EngineClient;
  #end: RunEnd | null = null;
  #wasStopped = false;
  #isInterrupted = false;

  /** Whether it went on already when this window came. */
  readonly isJoined: boolean;

  private constructor(engine: EngineClient, status: RunStatus, isJoined: boolean) {
    this.#engine = engine;
    this.status = status;
    this.isJoined = isJoined;
    this.ended = this.#watch();
  }

  /** @throws where the engine does not come up or refuses the request */
  static async start(request: RunRequest, console: RunConsole, options: StartOptions): Promise<LiveRun> {
    const ears = new Ears(console);
    const engine = await EngineClient.start(ears.handlers, {
      priority: options.priority,
      wantsMeasurements: false,
    });
    try {
      claim(engine.socket);
      await engine.rpc.call('setGrace', { milliseconds: options.grace });
      const { folder } = await engine.rpc.call('start', request);
      return ears.give(new LiveRun(engine, { ...engine.statusAtFirst, folder }, false));
    } catch (error) {
      engine.kill();
      if (!(error instanceof ClosedError)) throw error;
      const { lastWords, signal, code } = await engine.exited;
      const how = lastWords || `the engine ended with ${signal ?? `code ${code ?? 0}`}`;
      throw new Error(how, { cause: error });
    }
  }

  /** Joins a run that goes on. @throws where there is none, or none of this version */
  static async attach(socket: string, console: RunConsole): Promise<LiveRun> {
    const ears = new Ears(console);
    const engine = await EngineClient.attach(socket, ears.handlers, { wantsMeasurements: false });
    claim(socket);
    return ears.give(new LiveRun(engine, engine.statusAtFirst, true));
  }

  /** What a script can be trained on; asks an engine that is started for this alone. */
  static async devices(): Promise<Devices> {
    const nobody: RunConsole = { output: () => undefined, input: () => Promise.resolve(new Uint8Array()) };
    const engine = await EngineClient.start(new Ears(nobody).handlers);
    try {
      return await engine.rpc.call('devices', null);
    } finally {
      engine.leave();
    }
  }

  /** The run folder's path, or a name of its own where nothing is recorded. */
  get id(): string {
    return this.status.folder ?? `unrecorded:${this.started}`;
  }

  /** Whether this window may do more than watch. */
  get isMine(): boolean {
    return isMine(this.#engine.socket);
  }

  /** Becomes the one that drives the run where no other window does; returns whether it has. */
  claim(): boolean {
    if (this.isMine || !claim(this.#engine.socket)) return false;
    this.changed.fire({ hasGrown: false });
    return true;
  }

  /** Makes this window the one that drives the run, whoever did so before. */
  takeOver(): void {
    take(this.#engine.socket);
    this.changed.fire({ hasGrown: false });
  }

  /** Whether an interrupt was sent and the run goes on all the same. */
  get isInterrupted(): boolean {
    return this.#isInterrupted && this.status.phase !== 'ended';
  }

  ask<K extends Asked>(
    method: K,
    params: Parameters<EngineMethods[K]>[0],
  ): Promise<Result<EngineMethods[K]>> {
    return this.#engine.rpc.call(method, params as never);
  }

  setGrace(milliseconds: number | null): void {
    this.#engine.rpc.notify('setGrace', { milliseconds });
  }

  resize(size: TerminalSize): void {
    this.#engine.rpc.notify('resize', size);
  }

  /** Raises KeyboardInterrupt in the script. */
  async interrupt(): Promise<void> {
    this.#wasStopped = true;
    this.#isInterrupted = true;
    this.changed.fire({ hasGrown: false });
    await this.#engine.rpc.call('interrupt', null);
  }

  /** Ends the run at once; its log is closed first. */
  stop(): void {
    this.#wasStopped = true;
    this.#engine.rpc.notify('stop', { signal: 'SIGTERM' });
    setTimeout(() => {
      this.#engine.kill();
    }, stopMilliseconds).unref();
  }

  /** Goes away; the engine goes on as its grace allows. */
  leave(): void {
    this.#engine.leave();
  }

  /** The engine has said something. */
  hear({ status, end }: { status?: RunStatus; end?: RunEnd }): void {
    const hasGrown = end !== undefined || (status !== undefined && status.step !== this.status.step);
    if (status) this.status = status;
    if (end) this.#end = end;
    this.changed.fire({ hasGrown });
  }

  async #watch(): Promise<LiveEnd> {
    const exit = await this.#engine.exited;
    await this.#engine.rpc.closed;
    this.status = { ...this.status, phase: 'ended' };
    return { end: this.#end, exit, wasStopped: this.#wasStopped };
  }
}

/** Hears what the engine says before there is a run to say it to, and passes it on from then. */
class Ears {
  readonly handlers: Handlers<HostMethods>;
  #run: LiveRun | null = null;
  readonly #early: Parameters<LiveRun['hear']>[0][] = [];

  constructor(console: RunConsole) {
    this.handlers = {
      output: ({ stream, bytes }) => {
        console.output(stream, bytes);
      },
      // What is measured is on disk and read there.
      measured: () => undefined,
      status: (status) => {
        this.#pass({ status });
      },
      input: () => console.input(),
      finished: (end) => {
        this.#pass({ end });
      },
    };
  }

  give(run: LiveRun): LiveRun {
    this.#run = run;
    for (const news of this.#early) run.hear(news);
    return run;
  }

  #pass(news: Parameters<LiveRun['hear']>[0]): void {
    if (this.#run) this.#run.hear(news);
    else this.#early.push(news);
  }
}
