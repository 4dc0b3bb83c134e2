// Series as a table for other programs.
import { floatsOf } from '../../protocol/floats.ts';
import { unpackDeltas } from '../../protocol/deltas.ts';
import type { PointsChunk } from '../../protocol/view.ts';

interface Source {
  points: (tag: string, from: number) => PointsChunk;
}

/** CSV: a row a step that any of the series has, a column each; a step at which one has no point leaves its cell empty. */
export function table(source: Source, tags: readonly string[]): Uint8Array {
  const columns = tags.map((tag) => column(source, tag));
  const steps = [...new Set(columns.flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b);
  const rows = steps.map((step) => [step, ...columns.map((cells) => cells.get(step) ?? '')].join(','));
  return Buffer.from([['step', ...tags.map(quoted)].join(','), ...rows, ''].join('\n'));
}

/** All of a series' points: value by step. */
function column(source: Source, tag: string): Map<number, string> {
  const cells = new Map<number, string>();
  for (let from = 0; ;) {
    const { count, total, steps, values } = source.points(tag, from);
    const at = unpackDeltas(steps, count);
    const numbers = floatsOf(values);
    for (let i = 0; i < count; i++) cells.set(at[i] ?? NaN, shortest(numbers[i] ?? NaN));
    from += count;
    if (count === 0 || from >= total) return cells;
  }
}

/** The shortest text that reads back as the same float32. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

/** A cell that holds a comma, a quote or a line's end is quoted; one that a spreadsheet would compute is made text. */
function quoted(text: string): string {
  const plain = /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
