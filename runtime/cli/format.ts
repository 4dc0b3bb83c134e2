// Numbers and small pictures as text.

/** Four significant digits; powers of ten where the number is very large or small. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** As `number`, zeros kept: a number that is redrawn in place keeps its width. */
export function fixed(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e4 ? value.toPrecision(4) : number(value);
}

/** 1240 as "1,240". */
export function count(value: number): string {
  return value.toLocaleString('en');
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${number(value)} ${units[unit] ?? ''}`;
}

/** "1 h 02 min", "58 s". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${number(Number(seconds.toFixed(1)))} s`;
  const minutes = Math.floor(seconds / 60);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const levels = '▁▂▃▄▅▆▇█';

/** One character a value, from the lowest to the highest; "!" where a value is not finite. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '!';
      const level = span > 0 ? Math.round(((value - low) / span) * (levels.length - 1)) : 0;
      return levels.charAt(level);
    })
    .join('');
}

/** Columns as wide as their widest cell, the first row their heads, the first column names; numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const columns = head.map((_, i) => {
    const cells = body.map((row) => row[i] ?? '');
    const width = Math.max(...rows.map((row) => row[i]?.length ?? 0));
    return { width, isNumbers: i > 0 && cells.every((cell) => /^(-?[\d.]|-?inf|nan|$)/.test(cell)) };
  });
  return rows
    .map((row) =>
      columns
        .map(({ width, isNumbers }, i) => (isNumbers ? row[i]?.padStart(width) : row[i]?.padEnd(width)) ?? '')
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
