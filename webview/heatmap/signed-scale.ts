// Signed values: blue below zero, red above, and between them a neutral that is the editor's own ground.
import { theme } from '../ui/theme.ts';
import { wordOf } from './canvas.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** From the neutral outwards, on a light ground and on a dark one. */
const arms: Record<'light' | 'dark', { below: readonly Rgb[]; above: readonly Rgb[] }> = {
  light: {
    below: [
      [146, 182, 219],
      [67, 122, 184],
      [18, 62, 122],
    ],
    above: [
      [231, 168, 148],
      [203, 92, 74],
      [124, 18, 36],
    ],
  },
  dark: {
    below: [
      [38, 79, 126],
      [66, 138, 205],
      [170, 216, 255],
    ],
    above: [
      [122, 45, 42],
      [214, 98, 77],
      [255, 208, 184],
    ],
  },
};
const neutrals: Record<'light' | 'dark', Rgb> = { light: [238, 238, 236], dark: [46, 46, 48] };
/** Colours on each side of the neutral one. */
const shades = 127;

/** One colour for each place from -1 to 1, as pixel words (ABGR); made for the theme's ground. */
let words: Uint32Array = new Uint32Array(0);
let madeFor = '';

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
    const place = Math.max(-1, Math.min(1, value / this.limit));
    return shades + Math.round(place * shades);
  }
}

function coloursNow(): Uint32Array {
  const { background } = theme();
  if (madeFor !== background) {
    madeFor = background;
    words = coloursFor(isDark(background) ? 'dark' : 'light');
  }
  return words;
}

function isDark(css: string): boolean {
  const word = wordOf(css);
  return 0.299 * (word & 255) + 0.587 * ((word >> 8) & 255) + 0.114 * ((word >> 16) & 255) < 128;
}

function coloursFor(ground: 'light' | 'dark'): Uint32Array {
  return Uint32Array.from({ length: 2 * shades + 1 }, (_, i) => {
    const { below, above } = arms[ground];
    const stops = [neutrals[ground], ...(i < shades ? below : above)];
    const place = (Math.abs(i - shades) / shades) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[low], stops[low + 1]] as [Rgb, Rgb];
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(from[channel] + (to[channel] - from[channel]) * (place - low));
    return ((255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0)) >>> 0;
  });
}

function cssOf(word: number): string {
  return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
}
