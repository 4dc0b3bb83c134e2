// Something that others wait to hear of: VS Code's event, for modules that know no VS Code.

export interface Subscription {
  dispose: () => void;
}

export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls `listener` at every `fire` until the subscription is disposed of. */
  readonly on = (listener: (value: T) => void): Subscription => {
    this.#listeners.add(listener);
    return {
      dispose: () => {
        this.#listeners.delete(listener);
      },
    };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
