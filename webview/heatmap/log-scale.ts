// Magnitudes on a log scale of whole decades.
import { cividis, cividisCss } from './cividis.ts';

/** The scale ends this many decades below its top: what lies deeper looks the same. */
const mostDecades = 12;

export class LogScale {
  /** Exponents of ten. */
  readonly low: number;
  readonly high: number;
  #shades: ShadeTable | null = null;

  /** @param least, greatest of what is to be shown, above zero; where there is nothing, 1 to 10 */
  constructor(least: number, greatest: number) {
    const isEmpty = !(greatest > 0) || !(least > 0) || least > greatest;
    this.high = isEmpty ? 1 : Math.ceil(Math.log10(greatest) - 1e-9);
    const low = isEmpty ? 0 : Math.floor(Math.log10(least) + 1e-9);
    this.low = Math.max(Math.min(low, this.high - 1), this.high - mostDecades);
  }

  /** 0 at the foot (and for zero), 1 at the top. */
  place(value: number): number {
    if (value <= 0) return 0;
    const place = (Math.log10(value) - this.low) / (this.high - this.low);
    return Math.max(0, Math.min(1, place));
  }

  /** A pixel word; `value` is finite. */
  word(value: number): number {
    this.#shades ??= new ShadeTable(this);
    return cividis[this.#shades.of(value)] as number;
  }

  css(value: number): string {
    return cividisCss(this.place(value));
  }
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Which of 256 colours a value has. A picture asks for tens of thousands, so no logarithm is taken: a float's exponent
 * and its first seven bits say the shade of the least such number, and the shades' limits the rest.
 */
class ShadeTable {
  readonly #byBits = new Uint8Array(1 << 15);
  /** The least value of each shade; none is above the last. */
  readonly #limits = new Float64Array(257).fill(NaN);

  constructor({ low, high }: LogScale) {
    let above = 1 << 15;
    for (let shade = 255; shade > 0; shade--) {
      const limit = 10 ** (low + ((shade - 0.5) / 255) * (high - low));
      this.#limits[shade] = limit;
      const next = bitsOf(limit) + 1;
      this.#byBits.fill(shade, next, above);
      above = Math.min(above, next);
    }
  }

  of(value: number): number {
    if (value <= 0) return 0;
    let shade = this.#byBits[bitsOf(value)] as number;
    while (value >= (this.#limits[shade + 1] as number)) shade++;
    return shade;
  }
}

/** The upper half of a positive number as float32. */
function bitsOf(value: number): number {
  float[0] = value;
  return (bits[0] as number) >>> 16;
}
