// Magnitudes on a log scale of whole decades.
import { cividis, cividisCss } from './cividis.ts';

/** The scale ends this many decades below its top: what lies deeper looks the same. */
const mostDecades = 12;

export class LogScale {
  /** Exponents of ten. */
  readonly low: number;
  readonly high: number;

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
    return cividis[Math.round(this.place(value) * 255)] as number;
  }

  css(value: number): string {
    return cividisCss(this.place(value));
  }

  isLike(other: LogScale): boolean {
    return this.low === other.low && this.high === other.high;
  }
}
