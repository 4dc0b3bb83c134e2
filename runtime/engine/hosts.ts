// The hosts of this engine: whoever is connected and has said hello. Each is told everything that it wants; the one that has been
// there longest answers for input and sets the pace of the script's output.
import type {
  EngineMethods,
  HostMethods,
  Measurement,
  OutputStream,
  RunEnd,
  RunStatus,
} from '../../protocol/engine.ts';
import type { Rpc } from '../../protocol/rpc.ts';
import type { SocketTransport } from '../socket.ts';
import { OutputHistory } from './output-history.ts';

/** A host that only watches and leaves this much unread is let go: it may come back. */
const maxUnreadBytes = 16 << 20;

export interface Host {
  rpc: Rpc<EngineMethods, HostMethods>;
  transport: SocketTransport;
  wantsMeasurements: boolean;
}

export class Hosts {
  /** Called when the last has gone. */
  onEmpty: () => void = () => undefined;
  /** Oldest first. */
  readonly #connected: Host[] = [];
  readonly #history = new OutputHistory();
  #arrivals = 0;
  #onArrival: (() => void)[] = [];

  get count(): number {
    return this.#connected.length;
  }

  /** From now on it is told everything; what has been printed lately comes first. */
  admit(host: Host): void {
    for (const chunk of this.#history.replay()) host.rpc.notify('output', chunk);
    this.#connected.push(host);
    void host.rpc.closed.then(() => {
      this.#connected.splice(this.#connected.indexOf(host), 1);
      if (this.#connected.length === 0) this.onEmpty();
    });
    this.#arrivals++;
    for (const arrived of this.#onArrival.splice(0)) arrived();
  }

  /** Settles when the bytes have left this process for the first host, or at once where there is none. */
  async output(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    this.#history.add(stream, bytes, this.#connected.length > 0);
    this.#tell('output', { stream, bytes });
    await this.#connected[0]?.transport.flush();
  }

  measured(measurements: Measurement[]): void {
    this.#tell('measured', measurements, ({ wantsMeasurements }) => wantsMeasurements);
  }

  status(status: RunStatus): void {
    this.#tell('status', status);
  }

  /** Settles when it has left this process for all. */
  async finished(end: RunEnd): Promise<void> {
    this.#tell('finished', end);
    await Promise.all(this.#connected.map(({ transport }) => transport.flush()));
  }

  /** Asks one host after the other; those that come later, too, where none can answer. */
  async input(): Promise<Uint8Array> {
    for (;;) {
      const arrivals = this.#arrivals;
      for (const host of [...this.#connected]) {
        try {
          return await host.rpc.call('input', null);
        } catch {
          // It has gone, or has nobody to ask.
        }
      }
      if (arrivals === this.#arrivals) await this.arrival();
    }
  }

  /** Settles when another host has come. */
  arrival(): Promise<void> {
    return new Promise((resolve) => this.#onArrival.push(resolve));
  }

  #tell<K extends keyof HostMethods>(
    method: K,
    params: Parameters<HostMethods[K]>[0],
    isMeant: (host: Host) => boolean = () => true,
  ): void {
    const [, ...watching] = this.#connected;
    for (const { transport } of watching) if (transport.unsentBytes > maxUnreadBytes) transport.abort();
    for (const host of this.#connected) if (isMeant(host)) host.rpc.notify(method, params as never);
  }
}
