// The engine process: `node engine.mjs STEM NICENESS`. It serves its hosts over a local socket and runs one script.
// Without a host it ends, at once or after the grace that a host has set: a run started from the command line does not
// outlive it, one started from a window outlives the window's reload.
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import os from 'node:os';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineMethods, type HostMethods, protocolVersion } from '../../protocol/engine.ts';
import { type Handlers, Rpc } from '../../protocol/rpc.ts';
import { loadAddon } from '../addon.ts';
import { enginePlace } from '../private-folder.ts';
import { SocketTransport } from '../socket.ts';
import { Hosts } from './hosts.ts';
import { Run, type RunHost } from './run.ts';
import { nothingYet } from './run-state.ts';

/** A host that started this process connects at once; one that was killed in between never does. */
const patienceMilliseconds = 15_000;
/** A run that ends while nobody is there keeps its last words for a host that comes back, this long at most. */
const lastWordsMilliseconds = 8000;

const [, , stem = '', niceness = '0'] = process.argv;
const place = enginePlace(stem, process.pid);
process.title = 'unroll engine';
// Before there is another thread: each has the niceness of the one that made it.
if (Number(niceness) > 0) os.setPriority(Number(niceness));
// Signals are for the hosts to judge: they send `interrupt` or `stop`.
process.on('SIGINT', () => undefined);

const hosts = new Hosts();
let run: Run | null = null;
/** How long this process outlives its last host; null: as long as its run. */
let grace: number | null = 0;
let lonely = setTimeout(giveUp, patienceMilliseconds);

const server = createServer(serve);
server.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
server.listen(place.socket);

function serve(socket: Socket): void {
  const transport = new SocketTransport(socket);
  let hasGreeted = false;
  const greeted =
    <P, R>(method: (params: P) => R) =>
    (params: P): R => {
      if (!hasGreeted) throw new Error('the first call is `hello`');
      return method(params);
    };
  const methods: Handlers<EngineMethods> = {
    hello({ protocol, wantsMeasurements }) {
      if (protocol !== protocolVersion) {
        throw new Error(`the engine speaks protocol ${protocolVersion}, its host ${protocol}`);
      }
      hasGreeted = true;
      clearTimeout(lonely);
      // After the answer: a host first learns where the run stands.
      setImmediate(() => {
        hosts.admit({ rpc, transport, wantsMeasurements });
      });
      return { protocol: protocolVersion, pid: process.pid, status: run?.status ?? nothingYet };
    },
    devices: greeted(() => loadAddon().devices()),
    start: greeted((request) => {
      if (run) throw new Error('this engine has its run already');
      run = new Run(request, loadAddon(), runHost, place.socket);
      hosts.status(run.status);
      return { folder: run.folder };
    }),
    setGrace: greeted(({ milliseconds }) => {
      grace = milliseconds;
    }),
    pause: greeted(() => {
      theRun().pause();
    }),
    resume: greeted(() => {
      theRun().resume();
    }),
    stepOnce: greeted(() => {
      theRun().stepOnce();
    }),
    setLearningRateScale: greeted(({ scale }) => {
      theRun().setLearningRateScale(scale);
    }),
    model: greeted((known) => run?.model(known) ?? null),
    inspect: greeted((question) => theRun().inspect(question)),
    variables: greeted(() => theRun().variables()),
    interrupt: greeted(() => ({ delivered: run?.interrupt() ?? true })),
    stop: greeted(async ({ signal }) => {
      run?.abandon(signal);
      // The answer first, then the end of a thread that may be deep in a kernel.
      setTimeout(endNow, 50);
      await transport.flush();
    }),
    resize: greeted((size) => run?.resize(size)),
  };
  const rpc = new Rpc<EngineMethods, HostMethods>(transport, methods);
}

/** @throws where there is none */
function theRun(): Run {
  if (!run || run.end) throw new Error(run ? 'the run is over' : 'no run has been started');
  return run;
}

const runHost: RunHost = {
  output: (stream, bytes) => hosts.output(stream, bytes),
  measured(measurements) {
    hosts.measured(measurements);
  },
  status(status) {
    hosts.status(status);
  },
  input: () => hosts.input(),
  isAway: () => hosts.count === 0 && grace !== 0,
  async finished(end) {
    clearTimeout(lonely);
    if (runHost.isAway()) {
      const wait = Math.min(grace ?? lastWordsMilliseconds, lastWordsMilliseconds);
      await Promise.race([hosts.arrival(), sleep(wait)]);
    }
    await hosts.finished(end);
  },
  over() {
    clearAway();
    process.exit(0);
  },
};

hosts.onEmpty = () => {
  if (run?.end) return; // over as soon as its end has been told
  if (!run || grace === 0) giveUp();
  else if (grace !== null) lonely = setTimeout(giveUp, grace);
};

/** Nobody is there, and nobody is expected any more. */
function giveUp(): void {
  run?.abandon('SIGHUP');
  clearAway();
  endNow();
}

function clearAway(): void {
  rmSync(place.socket, { force: true });
  // With a host there, that one reads what this process has printed.
  if (hosts.count === 0) rmSync(place.log, { force: true });
}

/** Ends the process without waiting for the trainer thread, which cannot be stopped inside native code. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}
