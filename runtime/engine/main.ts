// The engine process: `node engine.mjs SOCKET`. It serves one host over a local socket and runs one script. Without a
// host it ends: a run started from the command line does not outlive it.
import { createServer, type Socket } from 'node:net';
import process from 'node:process';
import { type EngineMethods, type HostMethods, protocolVersion } from '../../protocol/engine.ts';
import { Rpc } from '../../protocol/rpc.ts';
import { loadAddon } from '../addon.ts';
import { SocketTransport } from '../socket.ts';
import { Run } from './run.ts';

/** A host that started this process connects at once; one that was killed in between never does. */
const patienceMilliseconds = 15_000;

const [, , socketPath = ''] = process.argv;
process.title = 'unroll engine';
// Signals are for the host to judge: it sends `interrupt` or `stop`.
process.on('SIGINT', () => undefined);

const server = createServer((socket) => {
  server.close();
  clearTimeout(lonely);
  serve(socket);
});
server.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
server.listen(socketPath);
const lonely = setTimeout(() => process.exit(1), patienceMilliseconds);

function serve(socket: Socket): void {
  const transport = new SocketTransport(socket);
  let run: Run | null = null;
  const host: Rpc<EngineMethods, HostMethods> = new Rpc<EngineMethods, HostMethods>(transport, {
    hello({ protocol }) {
      if (protocol !== protocolVersion) {
        throw new Error(`the engine speaks protocol ${protocolVersion}, its host ${protocol}`);
      }
      return { protocol: protocolVersion, pid: process.pid };
    },
    devices: () => loadAddon().devices(),
    start(request) {
      if (run) throw new Error('this engine has its run already');
      run = new Run(request, loadAddon(), {
        output(stream, bytes) {
          host.notify('output', { stream, bytes });
          return transport.flush();
        },
        measured: (measurements) => {
          host.notify('measured', measurements);
        },
        input: () => host.call('input', null),
        async finished(end) {
          host.notify('finished', end);
          await transport.flush();
          process.exit(0);
        },
      });
      return { folder: run.folder };
    },
    interrupt: () => ({ delivered: run?.interrupt() ?? true }),
    async stop({ signal }) {
      run?.abandon(signal);
      // The answer first, then the end of a thread that may be deep in a kernel.
      setTimeout(endNow, 50);
      await transport.flush();
    },
    resize: (size) => run?.resize(size),
  });
  void host.closed.then(() => {
    run?.abandon('SIGHUP');
    endNow();
  });
}

/** Ends the process without waiting for the trainer thread, which cannot be stopped inside native code. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}
