// One conversation between two sides over any ordered, reliable transport (a socket, a webview's postMessage).
// Each side serves a set of methods and calls the other's. Types hold both ends to the same signatures; what
// arrives is checked all the same, because the other end may be another version.

/** Carries whole messages, in order. Messages are plain objects; values may hold Uint8Arrays. */
export interface Transport {
  send(message: unknown): void;
  close(): void;
  onMessage: (message: unknown) => void;
  /** Called once; with an error where the conversation did not end in good order. */
  onClose: (error?: Error) => void;
}

/** A set of methods: each takes one parameter (or none) and returns a value that the transport can carry. */
export type Methods<M> = { [K in keyof M]: (params: never) => unknown };
export type Params<F> = F extends (params: infer P) => unknown ? P : never;
export type Result<F> = F extends (params: never) => infer R ? R : never;

/** What a side provides: every method of its set, no more. */
export type Handlers<M extends Methods<M>> = {
  [K in keyof M]: (params: Params<M[K]>) => Result<M[K]> | Promise<Result<M[K]>>;
};

/** The other side refused a call or failed in it. */
export class RemoteError extends Error {
  override name = 'RemoteError';
}

/** The other side spoke in a way that this version does not understand. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** The conversation ended before the answer came. */
export class ClosedError extends Error {
  override name = 'ClosedError';
}

type Message =
  | { kind: 'call'; id: number; method: string; params: unknown }
  | { kind: 'notify'; method: string; params: unknown }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; message: string };

interface Pending {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** One side: serves `Local`, calls `Remote`. */
export class Rpc<Local extends Methods<Local>, Remote extends Methods<Remote>> {
  /** Settles when the conversation is over; the error, if any, says why. */
  readonly closed: Promise<Error | undefined>;
  readonly #transport: Transport;
  readonly #handlers: Handlers<Local>;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #isClosed = false;

  constructor(transport: Transport, handlers: Handlers<Local>) {
    this.#transport = transport;
    this.#handlers = handlers;
    transport.onMessage = (message) => {
      this.#receive(message);
    };
    this.closed = new Promise((resolve) => {
      transport.onClose = (error) => {
        this.#isClosed = true;
        for (const { reject } of this.#pending.values()) {
          reject(new ClosedError(error?.message ?? 'the connection is closed'));
        }
        this.#pending.clear();
        resolve(error);
      };
    });
  }

  /** Calls a method of the other side. @throws RemoteError, ClosedError */
  call<K extends keyof Remote & string>(method: K, params: Params<Remote[K]>): Promise<Result<Remote[K]>> {
    if (this.#isClosed) return Promise.reject(new ClosedError('the connection is closed'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ kind: 'call', id, method, params });
    });
  }

  /** Calls a method without waiting for it; a failure there is reported to nobody here. */
  notify<K extends keyof Remote & string>(method: K, params: Params<Remote[K]>): void {
    if (!this.#isClosed) this.#send({ kind: 'notify', method, params });
  }

  close(): void {
    this.#transport.close();
  }

  #send(message: Message): void {
    this.#transport.send(message);
  }

  #receive(message: unknown): void {
    if (!isMessage(message)) {
      this.#fail(new ProtocolError('a message has no known kind'));
      return;
    }
    switch (message.kind) {
      case 'call':
        void this.#serve(message.id, message.method, message.params);
        return;
      case 'notify':
        this.#run(message.method, message.params).catch((error: unknown) => {
          this.#fail(error instanceof Error ? error : new Error(String(error)));
        });
        return;
      case 'result':
        this.#take(message.id)?.resolve(message.value as never);
        return;
      case 'error':
        this.#take(message.id)?.reject(new RemoteError(message.message));
        return;
    }
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    let answer: Message;
    try {
      answer = { kind: 'result', id, value: await this.#run(method, params) };
    } catch (error) {
      answer = { kind: 'error', id, message: error instanceof Error ? error.message : String(error) };
    }
    if (!this.#isClosed) this.#send(answer);
  }

  async #run(method: string, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(this.#handlers, method)) throw new ProtocolError(`unknown method ${method}`);
    const handler = this.#handlers[method as keyof Local] as (params: unknown) => unknown;
    return await handler(params);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (!pending) this.#fail(new ProtocolError(`an answer to no call (${id})`));
    return pending;
  }

  #fail(error: Error): void {
    this.#transport.close();
    this.#transport.onClose(error);
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, method, message } = value as Record<string, unknown>;
  switch (kind) {
    case 'call':
      return Number.isSafeInteger(id) && typeof method === 'string';
    case 'notify':
      return typeof method === 'string';
    case 'result':
      return Number.isSafeInteger(id);
    case 'error':
      return Number.isSafeInteger(id) && typeof message === 'string';
    default:
      return false;
  }
}
