// Starting an engine process and talking to it.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EngineMethods, type HostMethods, protocolVersion } from '../../protocol/engine.ts';
import { type Handlers, Rpc } from '../../protocol/rpc.ts';
import { newEnginePlace, type EnginePlace } from '../private-folder.ts';
import { SocketTransport } from '../socket.ts';

const enginePath = fileURLToPath(new URL('./engine.mjs', import.meta.url));
const connectMilliseconds = 10_000;

/** How an engine process ended. */
export interface EngineExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it printed itself: the last words of a crash. */
  lastWords: string;
}

/** A running engine with this process as its host. */
export class EngineProcess {
  readonly rpc: Rpc<HostMethods, EngineMethods>;
  readonly transport: SocketTransport;
  /** Settles when the process is gone. */
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    exited: Promise<EngineExit>,
    socket: Socket,
    handlers: Handlers<HostMethods>,
  ) {
    this.#child = child;
    this.exited = exited;
    this.transport = new SocketTransport(socket);
    this.rpc = new Rpc<HostMethods, EngineMethods>(this.transport, handlers);
  }

  /** @throws where it does not come up */
  static async start(handlers: Handlers<HostMethods>): Promise<EngineProcess> {
    const place = newEnginePlace();
    const log = openSync(place.log, 'w', 0o600);
    // Detached: of a session of its own, so that the terminal's signals reach this process only.
    const child = spawn(process.execPath, [enginePath, place.socket], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const exited = watch(child, place);
    const socket = await connectTo(place.socket, exited);
    const engine = new EngineProcess(child, exited, socket, handlers);
    await engine.rpc.call('hello', { protocol: protocolVersion });
    return engine;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

async function watch(child: ChildProcess, place: EnginePlace): Promise<EngineExit> {
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...how) => {
      resolve(how);
    });
  });
  const lastWords = readFileSync(place.log, 'utf8').trim();
  rmSync(place.log, { force: true });
  rmSync(place.socket, { force: true });
  return { code, signal, lastWords };
}

async function connectTo(path: string, exited: Promise<EngineExit>): Promise<Socket> {
  const failure = exited.then(({ lastWords, code, signal }) => {
    throw new Error(`the engine did not start: ${lastWords || (signal ?? `exit code ${code ?? 0}`)}`);
  });
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
