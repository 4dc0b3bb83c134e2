// Charts in text. Lines are drawn with braille characters, two by four dots each; bars with eighth blocks.
import { number } from './format.ts';

const labelWidth = 10;
const brailleBase = 0x2800;
/** The bit of each dot in a braille character, by row, left and right. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const eighths = ' ▁▂▃▄▅▆▇█';

export interface Point {
  x: number;
  y: number;
}

/** A line chart. Every point counts: each column of dots spans from its lowest to its highest. */
export function lineChart(points: readonly Point[], width: number, height: number, xLabel: string): string {
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const first = finite[0];
  const last = finite.at(-1);
  if (!first || !last) return '  (no finite value)';
  const columns = Math.max(8, width - labelWidth - 1);
  const xs = { low: first.x, high: last.x };
  const ys = { low: Infinity, high: -Infinity };
  for (const { y } of finite) {
    ys.low = Math.min(ys.low, y);
    ys.high = Math.max(ys.high, y);
  }
  const place = (value: number, { low, high }: { low: number; high: number }, cells: number) =>
    high > low ? Math.round(((value - low) / (high - low)) * (cells - 1)) : 0;
  const cells = Array.from({ length: height }, () => new Uint8Array(columns));
  const dot = (column: number, row: number) => {
    const line = cells[height - 1 - Math.floor(row / 4)];
    const bits = dots[3 - (row % 4)]?.[column % 2] ?? 0;
    if (line) line[Math.floor(column / 2)] = (line[Math.floor(column / 2)] ?? 0) | bits;
  };
  let before: { column: number; row: number } | null = null;
  for (const { x, y } of finite) {
    const at = { column: place(x, xs, columns * 2), row: place(y, ys, height * 4) };
    const from = before ?? at;
    const steps = Math.max(Math.abs(at.column - from.column), Math.abs(at.row - from.row), 1);
    for (let i = 0; i <= steps; i++) {
      dot(
        Math.round(from.column + ((at.column - from.column) * i) / steps),
        Math.round(from.row + ((at.row - from.row) * i) / steps),
      );
    }
    before = at;
  }
  const lines = cells.map((line, i) => {
    const label = i === 0 ? number(ys.high) : i === height - 1 ? number(ys.low) : '';
    const text = Array.from(line, (bits) => String.fromCharCode(brailleBase + bits)).join('');
    return `${label.padStart(labelWidth)} ${text.replace(/\u2800+$/, '')}`.trimEnd();
  });
  return [...lines, axis(xs.low, xs.high, columns, xLabel)].join('\n');
}

/** Bars on a logarithmic scale, one a value; several values share a bar (their largest) where there is no room. */
export function logBars(values: readonly number[], width: number, height: number, xLabel: string): string {
  const columns = Math.max(8, width - labelWidth - 1);
  const perBar = Math.ceil(values.length / columns);
  const bars: number[] = [];
  for (let i = 0; i < values.length; i += perBar) bars.push(Math.max(...values.slice(i, i + perBar)));
  const positive = bars.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return '  (nothing above zero)';
  const high = Math.log10(Math.max(...positive));
  // At least one decade, so that a level series looks level.
  const low = Math.min(Math.log10(Math.min(...positive)), high - 1);
  const repeat = Math.max(1, Math.floor(columns / bars.length));
  const lines = Array.from({ length: height }, (_, line) => {
    const label = line === 0 ? number(10 ** high) : line === height - 1 ? number(10 ** low) : '';
    const text = bars.map((value) => {
      if (!Number.isFinite(value)) return '!'.repeat(repeat);
      const level =
        value > 0 ? 1 + Math.round(((Math.log10(value) - low) / (high - low)) * (height * 8 - 1)) : 0;
      return eighths.charAt(Math.min(8, Math.max(0, level - (height - 1 - line) * 8))).repeat(repeat);
    });
    return `${label.padStart(labelWidth)} ${text.join('')}`.trimEnd();
  });
  return [...lines, axis(0, values.length - 1, bars.length * repeat, xLabel)].join('\n');
}

function axis(low: number, high: number, columns: number, label: string): string {
  const [left, right] = [number(low), number(high)];
  const room = columns - left.length - right.length;
  const middle = room > label.length + 2 ? label : '';
  const before = Math.floor((room - middle.length) / 2);
  const line = `${left}${' '.repeat(Math.max(1, before))}${middle}${' '.repeat(Math.max(1, room - before - middle.length))}`;
  return `${' '.repeat(labelWidth + 1)}${line}${right}`;
}
