// Parameters of a finished run, as text.
import { histogramOf, statisticsOf } from '../store/plane.ts';
import type { RunTensors } from '../store/run-tensors.ts';
import type { TensorEntry } from '../store/safetensors.ts';
import { count, number, sparkline } from './format.ts';

const histogramBins = 32;

/** A table of every tensor in the snapshot. */
export function tensorRows(tensors: RunTensors): string[][] {
  const rows = [['tensor', 'shape', '2-norm', 'mean', 'std', 'min', 'max']];
  for (const entry of tensors.entries) {
    const { norm, mean, deviation, low, high } = statisticsOf(tensors.plane(entry));
    rows.push([entry.name, shape(entry), ...[norm, mean, deviation, low, high].map(number)]);
  }
  return rows;
}

/** One tensor: its numbers and its histogram. @throws where there is none of that name */
export function tensorReport(tensors: RunTensors, name: string): string {
  const entry = tensors.entries.find((each) => each.name === name);
  if (!entry) {
    const names = tensors.entries.map((each) => each.name);
    throw new Error(`there is no tensor "${name}"; there are: ${names.join(', ')}`);
  }
  const plane = tensors.plane(entry);
  const found = statisticsOf(plane);
  const { norm, mean, deviation, low, high } = found;
  const { counts } = histogramOf(plane, [low, high], histogramBins);
  const lines = [
    `${name}  ${shape(entry)}  ${entry.dtype}`,
    `2-norm ${number(norm)}, mean ${number(mean)}, std ${number(deviation)}`,
    `${number(low)} ${sparkline([...new Float64Array(counts.buffer)])} ${number(high)}`,
  ];
  const nonFinite = found.nan + found.infinite;
  if (nonFinite > 0) lines.push(`${count(nonFinite)} of ${count(found.count)} values are not finite`);
  return lines.join('\n');
}

function shape(entry: TensorEntry): string {
  return `[${entry.shape.join(', ')}]`;
}
