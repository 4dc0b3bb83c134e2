// The few numbers that the engine's main thread and the trainer thread share without messages: one Int32Array.

/** Indices into the array. */
export const control = {
  /** A signal's number for the script, 0 when taken. The interpreter looks here through `interruptSlot`. */
  signal: 0,
  /** Bytes of output on their way to the host. */
  unsentOutput: 1,
  columns: 2,
  rows: 3,
  /** Raised, and waited for, when input or output room has come. */
  wake: 4,
  size: 5,
} as const;

export const sigint = 2;

/** Waits until `wake` changes or a signal is there, at most `milliseconds`. Only outside the main thread. */
export function waitForWake(shared: Int32Array, seen: number, milliseconds = Infinity): void {
  if (Atomics.load(shared, control.signal) === 0) Atomics.wait(shared, control.wake, seen, milliseconds);
}

/** Wakes the trainer out of `waitForWake`. */
export function wake(shared: Int32Array): void {
  Atomics.add(shared, control.wake, 1);
  Atomics.notify(shared, control.wake);
}

/**
 * The signal as the interpreter takes it: it reads the number, then writes 0. One that was raised between the two must
 * stay.
 */
export function interruptSlot(shared: Int32Array): { 0: number } {
  let seen = 0;
  return {
    get 0() {
      return (seen = Atomics.load(shared, control.signal));
    },
    set 0(value) {
      Atomics.compareExchange(shared, control.signal, seen, value);
    },
  };
}

/** Asks for a signal in the script. */
export function raiseSignal(shared: Int32Array, signal: number): void {
  Atomics.store(shared, control.signal, signal);
  wake(shared);
}
