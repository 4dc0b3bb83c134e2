// What goes to the terminal: the script's bytes untouched and, on a terminal, a status line below them that is taken
// away before they come and put back after.
import process from 'node:process';
import type { Measurement, OutputStream } from '../../protocol/engine.ts';
import { Status } from './status.ts';

const periodMilliseconds = 100;
const newline = 10;

// Terminal sequences (ECMA-48, DEC).
const eraseLine = '\r\x1b[K';
const save = '\x1b7';
const restore = '\x1b8';
/** Down a line, scrolling where there is none, and up again: room below, the cursor where it was. */
const makeRoom = '\x1bD\x1b[A';
const nextLine = '\x1b[E';
const noWrap = '\x1b[?7l';
const wrap = '\x1b[?7h';

export class Output {
  readonly #json: boolean;
  readonly #status = new Status();
  readonly #timer: NodeJS.Timeout | null;
  /** The status line on the screen; null while there is none. */
  #drawn: string | null = null;
  #isHidden = false;
  /** Whether the script's output ends with a line's end, so that the status line has the current line to itself. */
  #atLineStart = true;

  constructor(json: boolean) {
    this.#json = json;
    const isLive = process.stderr.isTTY && (json ? !process.stdout.isTTY : true);
    this.#timer = isLive
      ? setInterval(() => {
          this.#draw();
        }, periodMilliseconds)
      : null;
  }

  /** Returns false where the receiver is slower than the script: wait for `onceDrained`. */
  write(stream: OutputStream, bytes: Uint8Array): boolean {
    this.#erase();
    const target = stream === 'stderr' || this.#json ? process.stderr : process.stdout;
    if (bytes.length > 0 && target.isTTY) this.#atLineStart = bytes[bytes.length - 1] === newline;
    return target.write(bytes);
  }

  onceDrained(listener: () => void): void {
    const target = process.stdout.writableNeedDrain ? process.stdout : process.stderr;
    target.once('drain', listener);
  }

  json(line: string): void {
    process.stdout.write(line);
  }

  measured(measurements: Measurement[]): void {
    this.#status.add(measurements);
  }

  /** The terminal is somebody else's while `work` goes on. */
  async hiddenWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#erase();
    this.#isHidden = true;
    try {
      return await work();
    } finally {
      this.#isHidden = false;
      this.#atLineStart = true;
    }
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#erase();
  }

  #draw(): void {
    if (this.#isHidden) return;
    const line = this.#status.line(process.stderr.columns - 1);
    if (line === null || line === this.#drawn) return;
    if (this.#atLineStart) process.stderr.write(`${eraseLine}${line}`);
    else process.stderr.write(`${makeRoom}${save}${noWrap}${nextLine}${eraseLine}${line}${wrap}${restore}`);
    this.#drawn = line;
  }

  #erase(): void {
    if (this.#drawn === null) return;
    this.#drawn = null;
    process.stderr.write(this.#atLineStart ? eraseLine : `${save}${nextLine}${eraseLine}${restore}`);
  }
}
