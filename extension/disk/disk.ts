// The extension host's end of its thread for files.
import { Worker } from 'node:worker_threads';
import { type Params, type Result, Rpc } from '../../protocol/rpc.ts';
import { PortTransport } from './port.ts';
import type { DiskHostMethods, DiskMethods } from './protocol.ts';

export class Disk {
  #thread: { worker: Worker; rpc: Rpc<DiskHostMethods, DiskMethods> } | null = null;

  /** Asks the thread, which starts with the first question and anew after it has broken off. */
  call<K extends keyof DiskMethods>(
    method: K,
    params: Params<DiskMethods[K]>,
  ): Promise<Result<DiskMethods[K]>> {
    this.#thread ??= this.#start();
    return this.#thread.rpc.call(method, params);
  }

  async dispose(): Promise<void> {
    await this.#thread?.worker.terminate();
  }

  #start(): { worker: Worker; rpc: Rpc<DiskHostMethods, DiskMethods> } {
    const worker = new Worker(new URL('./disk.mjs', import.meta.url));
    // It does not keep the extension host alive.
    worker.unref();
    const rpc = new Rpc<DiskHostMethods, DiskMethods>(new PortTransport(worker), {});
    const thread = { worker, rpc };
    void rpc.closed.then(() => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }
}
