// The live status line: where the training stands.
import type { Measurement } from '../../protocol/engine.ts';
import { StepRate } from '../step-rate.ts';
import { count, fixed, sparkline } from './format.ts';

export class Status {
  readonly #losses = new History(24);
  #loss: number | undefined;
  #gradientNorm: number | undefined;
  #step = 0;
  readonly #rate = new StepRate();

  add(measurements: Measurement[]): void {
    for (const { kind, step, wallTime, scalars } of measurements) {
      if (kind !== 'step') continue;
      this.#step = step;
      this.#rate.add(wallTime);
      this.#loss = scalars['loss/train'];
      if (this.#loss !== undefined) this.#losses.add(this.#loss);
      this.#gradientNorm = scalars['grad/total'];
    }
  }

  /** The line, at most `width` columns; null while there is nothing to say. */
  line(width: number): string | null {
    if (this.#step === 0) return null;
    const speed = this.#rate.perSecond;
    const parts = [
      `step ${count(this.#step)}`,
      this.#loss === undefined ? '' : `loss ${fixed(this.#loss)}`,
      this.#gradientNorm === undefined ? '' : `gradient norm ${fixed(this.#gradientNorm)}`,
      Number.isNaN(speed) ? '' : `${fixed(speed)} steps/s`,
      sparkline(this.#losses.values),
    ];
    let line = '';
    for (const part of parts) {
      if (part === '') continue;
      const longer = line === '' ? part : `${line}  ${part}`;
      if (longer.length > width) break;
      line = longer;
    }
    return line;
  }
}

/** A whole series in few values: means over equal stretches that double in length whenever there is no more room. */
export class History {
  values: number[] = [];
  readonly #room: number;
  /** Numbers in a stretch. */
  #stretch = 1;
  #sum = 0;
  #count = 0;

  constructor(room: number) {
    this.#room = room;
  }

  add(value: number): void {
    this.#sum += value;
    if (++this.#count < this.#stretch) return;
    this.values.push(this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
    if (this.values.length < this.#room * 2) return;
    this.values = Array.from({ length: this.#room }, (_, i) => {
      const [left = NaN, right = NaN] = this.values.slice(2 * i, 2 * i + 2);
      return (left + right) / 2;
    });
    this.#stretch *= 2;
  }
}
