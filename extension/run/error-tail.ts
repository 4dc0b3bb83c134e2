// The end of what a script writes to its standard error, kept for its last traceback.
import type { RunConsole } from './live-run.ts';

const keptCharacters = 100_000;

export class ErrorTail {
  readonly #decoder = new TextDecoder();
  text = '';

  /** A console that passes everything on, and keeps the errors here. */
  before(console: RunConsole): RunConsole {
    return {
      output: (stream, bytes) => {
        if (stream === 'stderr') this.#add(bytes);
        console.output(stream, bytes);
      },
      input: () => console.input(),
    };
  }

  #add(bytes: Uint8Array): void {
    this.text = (this.text + this.#decoder.decode(bytes, { stream: true })).slice(-keptCharacters);
  }
}
