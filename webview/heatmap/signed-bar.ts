// The bar of a signed scale: its colours, its ends and its middle, and what lies beyond the ends.
import { h, setAttribute, setText } from '../ui/dom.ts';
import { short } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { onThemeChange, theme } from '../ui/theme.ts';
import { SignedScale } from './signed-scale.ts';

const stops = 32;

export class SignedBar {
  readonly element: HTMLElement;
  readonly #ticks = h('div', { class: 'scale-ticks' });
  readonly #bar = h('div', { class: 'scale-bar' });
  readonly #bad = h('span', { class: 'scale-bad' });
  readonly #cut = h('span');
  #scale = new SignedScale(1);

  constructor() {
    this.element = h(
      'div',
      { class: 'scale signed-scale', role: 'img', 'aria-label': text.scaleBar.name },
      h('div', { class: 'scale-body' }, this.#bar, this.#ticks),
      h('span', { class: 'scale-non-finite' }, this.#bad, text.scaleBar.nonFinite),
      this.#cut,
    );
    this.#paint();
    onThemeChange(() => {
      this.#paint();
    });
  }

  /** @param largest the largest magnitude there is: where it is beyond the scale's end, the cut is told */
  set(scale: SignedScale, largest: number): void {
    const { limit } = scale;
    if (limit !== this.#scale.limit || this.#ticks.childElementCount === 0) {
      this.#scale = scale;
      this.#paint();
      const ends: [number, number][] = [
        [-limit, 0],
        [0, 50],
        [limit, 100],
      ];
      this.#ticks.replaceChildren(
        ...ends.map(([value, place]) => {
          const tick = h('span', {}, short(value));
          tick.style.left = `${place}%`;
          return tick;
        }),
      );
      setAttribute(
        this.element,
        'aria-label',
        `${text.scaleBar.name}: ${short(-limit)} – 0 – ${short(limit)}`,
      );
    }
    setText(this.#cut, largest > limit * 1.0001 ? text.scaleBar.cut(short(limit), short(largest)) : '');
  }

  #paint(): void {
    const { limit } = this.#scale;
    const colours = Array.from({ length: stops + 1 }, (_, i) =>
      this.#scale.css(limit * ((2 * i) / stops - 1)),
    );
    this.#bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
    const { nonFinite, background } = theme();
    this.#bad.style.background = `repeating-linear-gradient(135deg, ${nonFinite} 0 2px, ${background} 2px 4px)`;
  }
}
