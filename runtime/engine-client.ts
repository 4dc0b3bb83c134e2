// A host's end of the conversation with an engine process: starts one, or joins one that runs. The command line and the
// extension use it alike.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EngineMethods, type HostMethods, protocolVersion, type RunStatus } from '../protocol/engine.ts';
import { type Handlers, Rpc } from '../protocol/rpc.ts';
import { type EnginePlace, handOver, isAlive, newEnginePlace, placeOfSocket } from './private-folder.ts';
import { SocketTransport } from './socket.ts';

const connectMilliseconds = 10_000;
/** A process whose connection has ended is given this long to end, too. */
const endMilliseconds = 5000;

/** How an engine process ended. */
export interface EngineExit {
  /** Null where it was ended by a signal, or where another process started it: only that one is told. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it printed itself: the last words of a crash. */
  lastWords: string;
}

export interface HostOptions {
  /** Whether it is told everything that is measured, and does not read the run's folder instead. */
  wantsMeasurements?: boolean;
}

export interface StartOptions extends HostOptions {
  /** The program that runs the engine: Node, or an Electron that can stand for it. */
  execPath?: string;
  /** Its niceness, 0 to 19: how far it gives way to other programs. */
  priority?: number;
  /** The engine's own program. */
  enginePath?: string;
}

/**
 * An engine's own JavaScript makes short-lived garbage only. Left alone, V8 lets it pile up for thousands of steps
 * before it looks: some 5 MB by the 5,000th (bench/truncated-bptt.mjs). The addon does its part for malloc.
 */
const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size'];

/**
 * How many rounds a kernel's threads look for each other before they sleep. Left alone, OpenMP's look for milliseconds,
 * for which a processor is kept from whoever wants it, the thread looked for among them: with one other busy program on
 * two cores a step of 8 ms took 150 to 190, with this many rounds 26; on a quiet machine it costs 1 or 2 % of such a step.
 */
const briefSpin = { GOMP_SPINCOUNT: '8000' };

/** A running engine with this process as one of its hosts. */
export class EngineClient {
  readonly rpc: Rpc<HostMethods, EngineMethods>;
  readonly transport: SocketTransport;
  /** Settles when the process is gone. */
  readonly exited: Promise<EngineExit>;
  /** The process's number. */
  readonly pid: number;
  /** Where another host finds it. */
  readonly socket: string;
  #status: RunStatus | null = null;
  #isGone = false;

  private constructor(
    pid: number,
    path: string,
    socket: Socket,
    handlers: Handlers<HostMethods>,
    exited: Promise<EngineExit> | null,
  ) {
    this.pid = pid;
    this.socket = path;
    this.transport = new SocketTransport(socket);
    this.rpc = new Rpc<HostMethods, EngineMethods>(this.transport, handlers);
    const ended = exited ?? this.rpc.closed.then(() => watchStranger(pid, placeOfSocket(path)));
    this.exited = ended.finally(() => (this.#isGone = true));
  }

  /** Starts an engine. @throws where it does not come up */
  static async start(handlers: Handlers<HostMethods>, options: StartOptions = {}): Promise<EngineClient> {
    const {
      execPath = process.execPath,
      priority = 0,
      enginePath = fileURLToPath(new URL('./engine.mjs', import.meta.url)),
    } = options;
    const fresh = newEnginePlace();
    const log = openSync(fresh.log, 'w', 0o600);
    // Detached: of a session of its own, so that the terminal's signals reach this process only.
    const child = spawn(execPath, [...smallHeap, enginePath, fresh.stem, String(priority)], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...briefSpin, ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    closeSync(log);
    const pid = child.pid ?? 0;
    const place = handOver(fresh, pid);
    const exited = watchChild(child, place);
    const socket = await connectToNew(place.socket, exited);
    return await new EngineClient(pid, place.socket, socket, handlers, exited).#greet(options);
  }

  /** Joins an engine that another host has started. @throws where there is none, or none that this version can speak to */
  static async attach(
    path: string,
    handlers: Handlers<HostMethods>,
    options: HostOptions = {},
  ): Promise<EngineClient> {
    const { pid } = placeOfSocket(path);
    return await new EngineClient(pid, path, await tryConnect(path), handlers, null).#greet(options);
  }

  /** The run's state when this host came. */
  get statusAtFirst(): RunStatus {
    if (!this.#status) throw new Error('the engine has not been greeted');
    return this.#status;
  }

  /** Goes away; the engine goes on as its grace allows. */
  leave(): void {
    this.rpc.close();
  }

  /** Ends the process at once, the log unfinished. */
  kill(): void {
    // Its number may be another's by then.
    if (!this.#isGone && isAlive(this.pid)) process.kill(this.pid, 'SIGKILL');
  }

  async #greet({ wantsMeasurements = true }: HostOptions): Promise<this> {
    try {
      const greeting = { protocol: protocolVersion, wantsMeasurements };
      this.#status = (await this.rpc.call('hello', greeting)).status;
      return this;
    } catch (error) {
      this.leave();
      throw error;
    }
  }
}

async function watchChild(child: ChildProcess, place: EnginePlace): Promise<EngineExit> {
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...how) => {
      resolve(how);
    });
  });
  return { code, signal, lastWords: clearAway(place) };
}

/** Waits for the end of a process that is not this one's child. */
async function watchStranger(pid: number, place: EnginePlace): Promise<EngineExit> {
  for (let waited = 0; isAlive(pid) && waited < endMilliseconds; waited += 20) await sleep(20);
  return { code: null, signal: null, lastWords: isAlive(pid) ? '' : clearAway(place) };
}

/** Removes what a process that has ended left; returns what it printed. */
function clearAway(place: EnginePlace): string {
  let words = '';
  try {
    words = readFileSync(place.log, 'utf8').trim();
  } catch (error) {
    // Another host, or the engine itself, was here before.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  rmSync(place.log, { force: true });
  rmSync(place.socket, { force: true });
  return words;
}

async function connectToNew(path: string, exited: Promise<EngineExit>): Promise<Socket> {
  const failure = exited.then(({ lastWords, code, signal }) => {
    throw new Error(`the engine did not start: ${lastWords || (signal ?? `exit code ${code ?? 0}`)}`);
  });
  failure.catch(() => undefined); // of no interest once the connection stands
  const start = Date.now();
  for (;;) {
    try {
      return await tryConnect(path);
    } catch (error) {
      if (Date.now() - start > connectMilliseconds)
        throw new Error('the engine does not answer', { cause: error });
    }
    await Promise.race([sleep(10), failure]);
  }
}

function tryConnect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
