// Signed values as pixels, in the colours of the editor's ground.
import { type Ground, shadeOf, shades, signedColour } from '../../protocol/signed-colours.ts';
import { theme, type Theme } from '../ui/theme.ts';
import { wordOf } from './canvas.ts';

/** One colour for each place from -1 to 1, as pixel words (ABGR); made for the theme. */
let words: Uint32Array = new Uint32Array(0);
let madeFor: Theme | undefined;

export class SignedScale {
  /** What has the last colour, on either side; above zero. */
  readonly limit: number;

  /** @param limit where the colours end; where it is not above zero, 1 */
  constructor(limit: number) {
    this.limit = limit > 0 && Number.isFinite(limit) ? limit : 1;
  }

  /** A pixel word; `value` is finite. */
  word(value: number): number {
    return coloursNow()[this.#index(value)] as number;
  }

  css(value: number): string {
    return cssOf(this.word(value));
  }

  /** Whether dark text is read more easily on the colour of `value`. */
  isLight(value: number): boolean {
    const word = this.word(value);
    return 0.299 * (word & 255) + 0.587 * ((word >> 8) & 255) + 0.114 * ((word >> 16) & 255) > 140;
  }

  #index(value: number): number {
    return shades + shadeOf(value, this.limit);
  }
}

function coloursNow(): Uint32Array {
  const now = theme();
  if (madeFor !== now) {
    madeFor = now;
    words = coloursFor(groundOf(now));
  }
  return words;
}

function groundOf({ background, isHighContrast }: Theme): Ground {
  if (isDark(background)) return isHighContrast ? 'highContrast' : 'dark';
  return isHighContrast ? 'highContrastLight' : 'light';
}

function isDark(css: string): boolean {
  const word = wordOf(css);
  return 0.299 * (word & 255) + 0.587 * ((word >> 8) & 255) + 0.114 * ((word >> 16) & 255) < 128;
}

function coloursFor(ground: Ground): Uint32Array {
  return Uint32Array.from({ length: 2 * shades + 1 }, (_, i) => {
    const [red, green, blue] = signedColour(i - shades, ground);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

function cssOf(word: number): string {
  return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
}
