// What each line is and says: at the cursor, else at its end. Entries keep their places while the numbers change; a
// click hides a line.
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { exact } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { colour, onThemeChange } from '../ui/theme.ts';
import { readings } from './cursor.ts';
import { keyOf, type Line } from './line.ts';

interface Entry {
  button: HTMLButtonElement;
  swatch: HTMLElement;
  value: HTMLElement;
}

export class Legend {
  readonly element = h('div', { class: 'legend' });
  /** What the cursor stands on, or the last point. */
  readonly #place = h('div', { class: 'legend-place' });
  readonly #note = h('div', { class: 'legend-note', hidden: true });
  readonly #entries = new Map<string, Entry>();
  readonly #hidden = new Set<string>();
  readonly #onToggle: () => void;
  #lines: readonly Line[] = [];

  constructor(onToggle: () => void) {
    this.#onToggle = onToggle;
    this.element.append(this.#place);
    onThemeChange(() => {
      this.#paint();
    });
  }

  isShown(line: Line): boolean {
    return !this.#hidden.has(keyOf(line));
  }

  /** @param place what `x` is, in words; `note`: what happened there */
  set(lines: readonly Line[], x: number | null, place: string, note: string): void {
    const keys = lines.map(keyOf).join('\0');
    const isSame = keys === this.#lines.map(keyOf).join('\0');
    this.#lines = lines;
    if (!isSame) this.#build();
    this.#paint();
    setText(this.#place, place);
    setText(this.#note, note);
    show(this.#note, note !== '');
    const found = new Map(readings(lines, x).map((reading) => [keyOf(reading.line), reading]));
    for (const line of lines) {
      const entry = this.#entries.get(keyOf(line));
      if (!entry) continue;
      const reading = found.get(keyOf(line));
      setText(entry.value, reading ? exact(reading.value) : '–');
    }
  }

  /** Label, colour and value of what is shown, for a picture. */
  get shown(): { label: string; line: Line; value: string }[] {
    return this.#lines
      .filter((line) => this.isShown(line))
      .map((line) => ({
        label: line.group === undefined ? line.label : `${line.group}: ${line.label}`,
        line,
        value: this.#entries.get(keyOf(line))?.value.textContent ?? '',
      }));
  }

  #build(): void {
    this.#entries.clear();
    const rows = new Map<string | undefined, HTMLElement[]>();
    for (const line of this.#lines) {
      const key = keyOf(line);
      const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
      const value = h('span', { class: 'legend-value' });
      const button = h(
        'button',
        {
          type: 'button',
          class: 'legend-entry',
          'aria-pressed': 'true',
          title: text.chart.hideLine,
          on: {
            click: () => {
              if (!this.#hidden.delete(key)) this.#hidden.add(key);
              this.#paint();
              this.#onToggle();
            },
          },
        },
        swatch,
        h('span', { class: 'legend-label' }, line.label),
        value,
      );
      this.#entries.set(key, { button, swatch, value });
      const row = rows.get(line.group) ?? [];
      row.push(button);
      rows.set(line.group, row);
    }
    this.element.replaceChildren(
      this.#place,
      ...[...rows].map(([group, buttons]) =>
        h(
          'div',
          { class: 'legend-row' },
          group !== undefined && h('span', { class: 'legend-group', title: group }, group),
          ...buttons,
        ),
      ),
      this.#note,
    );
  }

  #paint(): void {
    for (const line of this.#lines) {
      const entry = this.#entries.get(keyOf(line));
      if (!entry) continue;
      const isShown = this.isShown(line);
      setAttribute(entry.button, 'aria-pressed', String(isShown));
      entry.swatch.style.borderTopColor = colour(line.role);
      entry.swatch.style.borderTopStyle = line.dash ? 'dashed' : 'solid';
      entry.swatch.style.opacity = !isShown ? '0.2' : line.isBackdrop ? '0.45' : '1';
    }
  }
}
