// The steps of which a tensor's distribution is known, from the run's log and from looks: some of them, evenly spread.
import type { TensorReading } from '../../protocol/inspect.ts';
import type { Column } from '../data/column.ts';
import { type Bins, binsOf } from './bins.ts';

/** As many as can be told apart; of more, every second goes. */
const mostLines = 24;
/** Over where nearly all elements lie; a log has one more on either side where some lie outside. */
const loggedBins = 64;

/** The values are the finite elements'. */
export interface RidgeLine {
  step: number;
  bins: Bins;
  low: number;
  high: number;
  mean: number;
}

/** Null where the reading was asked for no histogram. */
export function lineOf({
  step,
  histogram,
  statistics: { low, high, mean },
}: TensorReading): RidgeLine | null {
  return histogram && { step, bins: binsOf(histogram), low, high, mean };
}

/** @param logged left edge, right edge and count of each bin; empty where the run keeps none of this tensor */
export function loggedLines(logged: Column): RidgeLine[] {
  const { count } = logged;
  const every = Math.ceil(count / (mostLines - 1));
  const lines: RidgeLine[] = [];
  // Counted from the last, which is always among them.
  for (let i = count - 1; i >= 0; i -= every)
    lines.unshift(loggedLine(logged.steps[i] as number, logged.vector(i)));
  return lines;
}

function loggedLine(step: number, triples: Float32Array): RidgeLine {
  const at = (bin: number) => triples.subarray(3 * bin, 3 * bin + 3) as unknown as [number, number, number];
  const all = triples.length / 3;
  let [total, sum] = [0, 0];
  for (let bin = 0; bin < all; bin++) {
    const [left, right, count] = at(bin);
    total += count;
    sum += (count * (left + right)) / 2;
  }
  const width = (bin: number) => at(bin)[1] - at(bin)[0];
  const outside = Math.max(0, all - loggedBins);
  // Of one outer bin alone, its width says on which side it lies.
  const isBelow = outside === 2 || (outside === 1 && isUnlike(width(0), width(all - 2)));
  const first = isBelow ? 1 : 0;
  const end = outside === 2 || (outside === 1 && !isBelow) ? all - 1 : all;
  const bins = {
    low: at(first)[0],
    high: at(end - 1)[1],
    below: isBelow ? at(0)[2] : 0,
    above: end < all ? at(all - 1)[2] : 0,
    counts: Float64Array.from({ length: end - first }, (_, bin) => at(first + bin)[2]),
  };
  return { step, bins, low: at(0)[0], high: at(all - 1)[1], mean: sum / total };
}

/** By more than rounding. */
function isUnlike(a: number, b: number): boolean {
  return Math.abs(a - b) > 1e-3 * b;
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
