// Parameters of a finished run, as text.
import type { SafetensorsFile, TensorEntry } from '../store/safetensors.ts';
import { count, number, sparkline } from './format.ts';

const histogramBins = 32;

interface Statistics {
  norm: number;
  mean: number;
  deviation: number;
  low: number;
  high: number;
  nonFinite: number;
}

/** A table of every tensor in the file. */
export function tensorRows(file: SafetensorsFile): string[][] {
  const rows = [['tensor', 'shape', '2-norm', 'mean', 'std', 'min', 'max']];
  for (const entry of file.tensors.values()) {
    const { norm, mean, deviation, low, high } = statistics(file.read(entry));
    rows.push([entry.name, shape(entry), ...[norm, mean, deviation, low, high].map(number)]);
  }
  return rows;
}

/** One tensor: its numbers and its histogram. @throws where there is none of that name */
export function tensorReport(file: SafetensorsFile, name: string): string {
  const entry = file.tensors.get(name);
  if (!entry) {
    throw new Error(`there is no tensor "${name}"; there are: ${[...file.tensors.keys()].join(', ')}`);
  }
  const values = file.read(entry);
  const { norm, mean, deviation, low, high, nonFinite } = statistics(values);
  const lines = [
    `${name}  ${shape(entry)}  ${entry.dtype}`,
    `2-norm ${number(norm)}, mean ${number(mean)}, std ${number(deviation)}`,
    `${number(low)} ${sparkline(histogram(values, low, high))} ${number(high)}`,
  ];
  if (nonFinite > 0) lines.push(`${count(nonFinite)} of ${count(values.length)} values are not finite`);
  return lines.join('\n');
}

function shape(entry: TensorEntry): string {
  return `[${entry.shape.join(', ')}]`;
}

/** Over the finite values; the deviation is that of a population. */
function statistics(values: Float64Array): Statistics {
  const finite = values.filter(Number.isFinite);
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (const value of finite) {
    sum += value;
    squares += value * value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const mean = sum / finite.length;
  let spread = 0;
  for (const value of finite) spread += (value - mean) ** 2;
  const deviation = Math.sqrt(spread / finite.length);
  return { norm: Math.sqrt(squares), mean, deviation, low, high, nonFinite: values.length - finite.length };
}

function histogram(values: Float64Array, low: number, high: number): number[] {
  const bins = new Array<number>(histogramBins).fill(0);
  const scale = high > low ? histogramBins / (high - low) : 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(histogramBins - 1, Math.floor((value - low) * scale));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
