// What a terminal's line discipline does between the keyboard and a program that reads lines: echo, rubbing out, Ctrl-C.

export interface Typed {
  /** What the keys look like on the screen. */
  echo: string;
  /** Whole pieces for the program's standard input; an empty one is its end (Ctrl-D at the start of a line). */
  lines: string[];
  interrupts: number;
}

const backspace = '\x7f';
const eraseOne = '\b \b';

export class LineEditor {
  #line = '';

  /** Takes what the terminal sends for keys that were pressed or text that was pasted. */
  type(keys: string): Typed {
    const typed: Typed = { echo: '', lines: [], interrupts: 0 };
    // Arrow keys and their like have no meaning in a plain line.
    // eslint-disable-next-line no-control-regex
    const plain = keys.replace(/\x1b(\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g, '');
    for (const key of plain) this.#press(key, typed);
    return typed;
  }

  #press(key: string, typed: Typed): void {
    switch (key) {
      case '\x03':
        typed.echo += '^C\r\n';
        typed.interrupts += 1;
        this.#line = '';
        return;
      case '\x04':
        typed.lines.push(this.#line);
        this.#line = '';
        return;
      case '\r':
      case '\n':
        typed.echo += '\r\n';
        typed.lines.push(`${this.#line}\n`);
        this.#line = '';
        return;
      case '\x15':
        typed.echo += eraseOne.repeat(Array.from(this.#line).length);
        this.#line = '';
        return;
      case '\b':
      case backspace: {
        const characters = Array.from(this.#line);
        if (characters.length === 0) return;
        this.#line = characters.slice(0, -1).join('');
        typed.echo += eraseOne;
        return;
      }
      default:
        if (key < ' ' && key !== '\t') return;
        this.#line += key;
        typed.echo += key;
    }
  }
}
