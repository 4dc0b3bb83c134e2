// The protocol's transport between two threads.
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Transport } from '../../protocol/rpc.ts';

export class PortTransport implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;
  readonly #port: MessagePort | Worker;

  constructor(port: MessagePort | Worker) {
    this.#port = port;
    const other = port as NodeJS.EventEmitter;
    other.on('message', (message: unknown) => {
      this.onMessage(message);
    });
    other.on('error', (error: Error) => {
      this.onClose(error);
    });
    for (const end of ['exit', 'close']) {
      other.on(end, () => {
        this.onClose();
      });
    }
  }

  send(message: unknown): void {
    this.#port.postMessage(message);
  }

  close(): void {
    if ('close' in this.#port) this.#port.close();
    else void this.#port.terminate();
  }
}
