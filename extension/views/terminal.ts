// A script's terminal: shows its output as a terminal does, carriage returns and colours included, and is its keyboard.
import * as vscode from 'vscode';
import type { TerminalSize } from '../../protocol/engine.ts';
import type { RunConsole } from '../run/live-run.ts';
import { LineEditor } from '../run/line-editor.ts';

/** Output is gathered this long before it is shown: a script that prints a thousand lines costs the editor one update. */
const gatherMilliseconds = 16;
/** So much of what was printed comes back when the terminal is opened again, in characters. */
const keptCharacters = 1_000_000;

export class ScriptTerminal implements vscode.Pseudoterminal, RunConsole {
  readonly #written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#written.event;
  /** Ctrl-C was pressed. */
  onInterrupt: () => void = () => undefined;
  onResize: (size: TerminalSize) => void = () => undefined;
  size: TerminalSize = { columns: 80, rows: 24 };
  readonly script: string;
  readonly #name: string;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  readonly #editor = new LineEditor();
  readonly #lines: Uint8Array[] = [];
  #waiting: ((bytes: Uint8Array) => void) | null = null;
  #kept = '';
  #gathered = '';
  #terminal: vscode.Terminal | null = null;
  #isOpen = false;

  constructor(name: string, script: string) {
    this.#name = name;
    this.script = script;
  }

  /** Shows the terminal, making it anew where it was closed. */
  show(preserveFocus: boolean): void {
    this.make().show(preserveFocus);
  }

  /** Puts it among the terminals, on show or not. */
  make(): vscode.Terminal {
    return (this.#terminal ??= vscode.window.createTerminal({
      name: this.#name,
      pty: this,
      iconPath: new vscode.ThemeIcon('graph-line'),
      isTransient: true,
    }));
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#isOpen = true;
    if (dimensions) this.setDimensions(dimensions);
    if (this.#kept !== '') this.#written.fire(this.#kept);
  }

  /** The person closed it: the run goes on, and what it prints is kept for when it is opened again. */
  close(): void {
    this.#isOpen = false;
    this.#terminal = null;
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    this.size = { columns, rows };
    this.onResize(this.size);
  }

  handleInput(keys: string): void {
    const { echo, lines, interrupts } = this.#editor.type(keys);
    this.write(echo);
    for (const line of lines) this.#lines.push(Buffer.from(line));
    this.#serveInput();
    for (let i = 0; i < interrupts; i++) this.onInterrupt();
  }

  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    this.write(text.replace(/\r?\n/g, '\r\n'));
  }

  input(): Promise<Uint8Array> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#serveInput();
    });
  }

  /** A line of ours, dimmed, below whatever stands there. */
  say(line: string): void {
    const shown = this.#gathered || this.#kept;
    const lineEnd = shown === '' || shown.endsWith('\n') ? '' : '\r\n';
    this.write(`${lineEnd}\x1b[2m${line}\x1b[0m\r\n`);
  }

  clear(): void {
    this.write('\x1b[2J\x1b[3J\x1b[H');
    this.#flush();
    this.#kept = '';
    this.#lines.length = 0;
    this.#waiting = null;
  }

  write(text: string): void {
    if (text === '') return;
    if (this.#gathered === '') setTimeout(this.#flush, gatherMilliseconds);
    this.#gathered += text;
  }

  readonly #flush = () => {
    const text = this.#gathered;
    if (text === '') return;
    this.#gathered = '';
    this.#kept = (this.#kept + text).slice(-keptCharacters);
    if (this.#isOpen) this.#written.fire(text);
  };

  #serveInput(): void {
    if (!this.#waiting) return;
    const line = this.#lines.shift();
    if (!line) return;
    const give = this.#waiting;
    this.#waiting = null;
    give(line);
  }
}
