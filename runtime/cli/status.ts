// The live status line: where the training stands.
import type { Measurement } from '../../protocol/engine.ts';
import { count, number, sparkline } from './format.ts';

const sparklineWidth = 24;
/** The speed is that of the last steps within this time. */
const speedSeconds = 3;

export class Status {
  #losses: number[] = [];
  #times: number[] = [];
  #step = 0;
  #gradientNorm: number | undefined;

  add(measurements: Measurement[]): void {
    for (const { kind, step, wallTime, scalars } of measurements) {
      if (kind !== 'step') continue;
      this.#step = step;
      this.#times.push(wallTime);
      const loss = scalars['loss/train'];
      if (loss !== undefined) this.#losses.push(loss);
      this.#gradientNorm = scalars['grad/total'] ?? this.#gradientNorm;
    }
    const newest = this.#times.at(-1) ?? 0;
    const first = this.#times.findIndex((time) => newest - time <= speedSeconds);
    this.#times = this.#times.slice(Math.max(0, Math.min(first, this.#times.length - 2)));
    this.#losses = this.#losses.slice(-sparklineWidth);
  }

  /** The line, at most `width` columns; null while there is nothing to say. */
  line(width: number): string | null {
    if (this.#times.length === 0) return null;
    const loss = this.#losses.at(-1);
    const parts = [
      `step ${count(this.#step)}`,
      loss === undefined ? null : `loss ${number(loss)}`,
      this.#gradientNorm === undefined ? null : `gradient norm ${number(this.#gradientNorm)}`,
      this.#speed(),
      this.#losses.length > 1 ? sparkline(this.#losses) : null,
    ].filter((part) => part !== null);
    let line = '';
    for (const part of parts) {
      const longer = line === '' ? part : `${line}  ${part}`;
      if (longer.length > width) break;
      line = longer;
    }
    return line;
  }

  #speed(): string | null {
    const seconds = (this.#times.at(-1) ?? 0) - (this.#times[0] ?? 0);
    return seconds > 0 ? `${number((this.#times.length - 1) / seconds)} steps/s` : null;
  }
}
