// The steps at which a tensor was looked at, with its distribution then: some of them, evenly spread.
import type { TensorStatistics } from '../../protocol/inspect.ts';
import type { Bins } from './bins.ts';

/** As many as can be told apart; of more, every second goes. */
const mostLines = 24;

export interface RidgeLine {
  step: number;
  bins: Bins;
  statistics: TensorStatistics;
}

/** The steps kept of one tensor: evenly spread, the last always among them. */
export class RidgeHistory {
  lines: RidgeLine[] = [];
  #every = 1;

  add(line: RidgeLine): void {
    const last = this.lines.at(-1);
    if (last && line.step < last.step) this.lines = [];
    if (last?.step === line.step) this.lines[this.lines.length - 1] = line;
    else {
      // The newest stands for the steps since the one before until the distance between two is reached.
      const before = this.lines.at(-2);
      if (last && before && last.step - before.step < this.#every) this.lines.pop();
      this.lines.push(line);
    }
    if (this.lines.length <= mostLines) return;
    this.lines = this.lines.filter((_, i) => i % 2 === (this.lines.length - 1) % 2);
    const [first, second] = this.lines;
    if (first && second) this.#every = second.step - first.step;
  }
}
