// The script's standard streams. Output leaves as it is written, input is asked for when it is read; both may block
// the script, and Ctrl-C ends either wait.
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { OutputStream } from '../../protocol/engine.ts';
import { control, waitForWake } from './control.ts';
import type { TrainerMessage } from './messages.ts';

/** Output on its way past this makes the script wait for its reader. */
const maxUnsentBytes = 1 << 20;

/** What Pyodide's setStdin, setStdout and setStderr take. */
export interface StreamDevice {
  isatty: boolean;
  getTerminalSize: () => { columns: number; rows: number };
}

export class Streams {
  readonly #shared: Int32Array;
  readonly #post: (message: TrainerMessage) => void;
  readonly #input: MessagePort;
  #left: Uint8Array = new Uint8Array(0);
  #asked = false;

  constructor(shared: Int32Array, input: MessagePort, post: (message: TrainerMessage) => void) {
    this.#shared = shared;
    this.#input = input;
    this.#post = post;
  }

  writer(stream: OutputStream, isatty: boolean): StreamDevice & { write: (bytes: Uint8Array) => number } {
    return {
      isatty,
      getTerminalSize: this.#terminalSize,
      write: (bytes) => {
        this.#waitFor(() => Atomics.load(this.#shared, control.unsentOutput) <= maxUnsentBytes);
        Atomics.add(this.#shared, control.unsentOutput, bytes.length);
        this.#post({ kind: 'output', stream, bytes: Uint8Array.from(bytes) });
        return bytes.length;
      },
    };
  }

  reader(isatty: boolean): StreamDevice & { read: (buffer: Uint8Array) => number } {
    return {
      isatty,
      getTerminalSize: this.#terminalSize,
      read: (buffer) => {
        if (this.#left.length === 0) this.#left = this.#receive();
        const count = Math.min(buffer.length, this.#left.length);
        buffer.set(this.#left.subarray(0, count));
        this.#left = this.#left.subarray(count);
        return count;
      },
    };
  }

  readonly #terminalSize = () => ({
    columns: Atomics.load(this.#shared, control.columns),
    rows: Atomics.load(this.#shared, control.rows),
  });

  #receive(): Uint8Array {
    // A read that Ctrl-C cut short has asked already; its answer is still to come.
    if (!this.#asked) this.#post({ kind: 'wantInput' });
    this.#asked = true;
    let answer: { message: Uint8Array } | undefined;
    this.#waitFor(() => (answer = receiveMessageOnPort(this.#input) as typeof answer) !== undefined);
    this.#asked = false;
    return answer?.message ?? new Uint8Array(0);
  }

  /** Blocks until `ready`. @throws an error with code EINTR, which runs the interpreter's signal handlers */
  #waitFor(ready: () => boolean): void {
    for (;;) {
      const seen = Atomics.load(this.#shared, control.wake);
      if (ready()) return;
      if (Atomics.load(this.#shared, control.signal) !== 0) {
        throw Object.assign(new Error('interrupted'), { code: 'EINTR' });
      }
      waitForWake(this.#shared, seen);
    }
  }
}
