// The line to the extension host: the one RPC class over the webview's messages.
import { Rpc, type Handlers, type Transport } from '../../protocol/rpc.ts';
import type { HostViewMethods, PageMethods } from '../../protocol/view.ts';
import type { Source } from '../data/run-data.ts';

/** What VS Code gives a page, once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export type Host = Rpc<PageMethods, HostViewMethods>;

const api = acquireVsCodeApi();

class MessageTransport implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;

  constructor() {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      this.onMessage(event.data);
    });
  }

  send(message: unknown): void {
    api.postMessage(message);
  }

  /** The page goes when its host says so; there is nothing to close. */
  close(): void {
    return;
  }
}

export function connect(handlers: Handlers<PageMethods>): Host {
  return new Rpc<PageMethods, HostViewMethods>(new MessageTransport(), handlers);
}

export function sourceOf(host: Host): Source {
  return {
    series: (run) => host.call('series', { run }),
    points: (run, wanted) => host.call('points', { run, wanted }),
    events: (run, from) => host.call('events', { run, from }),
  };
}

/** What this page remembers while it is hidden: `Memory` with what is missing taken from `initial`. */
export function remembered<Memory extends object>(initial: Memory): Memory {
  const state = api.getState();
  const memory = { ...initial };
  if (typeof state !== 'object' || state === null) return memory;
  for (const key of Object.keys(initial) as (keyof Memory)[]) {
    const value = (state as Partial<Memory>)[key];
    if (value !== undefined && typeof value === typeof initial[key]) memory[key] = value;
  }
  return memory;
}

export function remember(memory: object): void {
  api.setState(memory);
}
