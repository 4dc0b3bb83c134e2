// A column's points along the other x axes: seconds since the run's start, epochs.
import type { Column } from './column.ts';
import { lowerBound } from './search.ts';

/** Seconds since `start` (seconds since 1970). */
export function elapsed(column: Column, start: number): Float64Array {
  const x = new Float64Array(column.count);
  for (let i = 0; i < column.count; i++) x[i] = (column.times[i] as number) - start;
  return x;
}

/**
 * Epochs, in fractions: `epochs` notes at which step the n-th epoch ended. Within an epoch the steps count evenly;
 * the one that goes on is taken to be as long as the one before. Null before the first epoch has ended.
 */
export function inEpochs(column: Column, epochs: Column): Float64Array | null {
  const ends = epochEnds(epochs);
  if (ends.length === 0) return null;
  const x = new Float64Array(column.count);
  for (let i = 0; i < column.count; i++) x[i] = epochOf(column.steps[i] as number, ends);
  return x;
}

/** The last step of each epoch that has ended. */
export function epochEnds(epochs: Column): number[] {
  const ends: number[] = [];
  for (let i = 0; i < epochs.count; i++) {
    const step = epochs.steps[i] as number;
    if (step > (ends.at(-1) ?? 0)) ends.push(step);
  }
  return ends;
}

export function epochOf(step: number, ends: readonly number[]): number {
  const done = lowerBound(ends, ends.length, step);
  const start = done === 0 ? 0 : (ends[done - 1] as number);
  const before = done < 2 ? 0 : (ends[done - 2] as number);
  const length = done < ends.length ? (ends[done] as number) - start : start - before;
  return done + (step - start) / length;
}
