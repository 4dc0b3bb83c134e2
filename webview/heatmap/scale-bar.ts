// The bar that says what the colours mean: its gradient, its decades, its unit.
import { h, setAttribute, setText } from '../ui/dom.ts';
import { superscript } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { onThemeChange, theme } from '../ui/theme.ts';
import { cividisCss } from './cividis.ts';
import type { LogScale } from './log-scale.ts';

const stops = 16;
/** At most this many numbers under the bar. */
const mostTicks = 5;

export class ScaleBar {
  readonly element: HTMLElement;
  readonly #unit = h('span', { class: 'scale-unit' });
  readonly #ticks = h('div', { class: 'scale-ticks' });
  readonly #bar = h('div', { class: 'scale-bar' });
  readonly #bad = h('span', { class: 'scale-bad' });
  #shown = '';

  constructor() {
    const colours = Array.from({ length: stops }, (_, i) => cividisCss(i / (stops - 1)));
    this.#bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
    this.element = h(
      'div',
      { class: 'scale', role: 'img', 'aria-label': text.scaleBar.name },
      this.#unit,
      h('div', { class: 'scale-body' }, this.#bar, this.#ticks),
      h('span', { class: 'scale-non-finite' }, this.#bad, text.scaleBar.nonFinite),
    );
    const paint = () => {
      const { nonFinite, background } = theme();
      this.#bad.style.background = `repeating-linear-gradient(135deg, ${nonFinite} 0 2px, ${background} 2px 4px)`;
    };
    paint();
    onThemeChange(paint);
  }

  set(scale: LogScale, unit: string): void {
    const shown = `${scale.low} ${scale.high} ${unit}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    setText(this.#unit, unit);
    const decades = scale.high - scale.low;
    const every = Math.ceil(decades / (mostTicks - 1));
    const ticks: HTMLElement[] = [];
    for (let exponent = scale.low; exponent <= scale.high; exponent += every) {
      const tick = h('span', {}, powerOfTen(exponent));
      tick.style.left = `${((exponent - scale.low) / decades) * 100}%`;
      ticks.push(tick);
    }
    this.#ticks.replaceChildren(...ticks);
    setAttribute(
      this.element,
      'aria-label',
      `${text.scaleBar.name}: ${unit}, ${powerOfTen(scale.low)} – ${powerOfTen(scale.high)}`,
    );
  }
}

function powerOfTen(exponent: number): string {
  if (exponent >= -2 && exponent <= 3) return String(Number(`1e${exponent}`));
  return `10${superscript(exponent)}`;
}
