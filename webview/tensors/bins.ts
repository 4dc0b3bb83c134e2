// The bins of a histogram.
import type { TensorHistogram } from '../../protocol/inspect.ts';

/** A histogram with its counts as numbers. */
export interface Bins extends Pick<TensorHistogram, 'low' | 'high' | 'below' | 'above'> {
  counts: Float64Array;
}

export function binsOf({ counts: bytes, ...rest }: TensorHistogram): Bins {
  const counts = new Float64Array(bytes.slice().buffer);
  if (rest.high > rest.low) return { ...rest, counts };
  // All at one value: there is nothing to divide.
  return { ...rest, counts: Float64Array.of(counts.reduce((a, b) => a + b, 0)) };
}

export function edgesOf({ low, high, counts }: Bins, bin: number): [from: number, to: number] {
  const each = (high - low) / counts.length;
  return [low + bin * each, bin === counts.length - 1 ? high : low + (bin + 1) * each];
}
