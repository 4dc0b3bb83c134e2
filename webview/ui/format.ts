// Numbers as they are shown: short on axes, four significant digits in sentences, exact under the cursor.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const prefixes: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A whole number with its thousands apart: "1,204". */
export function count(n: number): string {
  return grouped.format(n);
}

/** Four significant digits, SI prefixes above a thousand, powers of ten below a ten-thousandth. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e15) return power(value, 4);
  for (const [unit, prefix] of prefixes) {
    // What rounds up to the unit is written in it.
    if (Number(size.toPrecision(4)) >= unit) return `${plain(value / unit)}${prefix}`;
  }
  return plain(value);
}

/** Evenly spaced numbers as an axis shows them: short where four digits tell them apart, else in full. */
export function tickTexts(ticks: number[]): string[] {
  const texts = ticks.map(short);
  if (new Set(texts).size === ticks.length) return texts;
  const step = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0));
  const digits = Math.max(0, Math.min(20, -Math.floor(Math.log10(step) + 1e-9)));
  return ticks.map((tick) =>
    tick
      .toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
      .replace('-', '−'),
  );
}

/** Four significant digits with the zeros kept, so that a changing number keeps its place: "0.1200". */
export function steady(value: number): string {
  const text = short(value);
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0 || size < 1e-4 || size >= 1000) return text;
  return value.toPrecision(4).replace('-', '−');
}

/** The shortest decimal that names this float32 and no other. */
export function exact(value: number): string {
  return Number.isFinite(value) ? decimal(shortest(value)) : nonFinite(value);
}

/** The same for files: in ASCII, as C and Python read it. */
export function exactAscii(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(shortest(value));
}

function shortest(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** "12 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  return joined(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
}

/** Seconds on an axis: "0:30", "12:05", "2:00:00". */
export function clock(time: number): string {
  const sign = time < 0 ? '−' : '';
  const whole = Math.abs(Math.round(time * 10) / 10);
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = whole % 60;
  const digits = (n: number) => String(n).padStart(2, '0');
  const seconds = Number.isInteger(s) ? digits(s) : s.toFixed(1).padStart(4, '0');
  return sign + (h ? `${h}:${digits(m)}:${digits(Math.floor(s))}` : `${m}:${seconds}`);
}

export function percent(share: number): string {
  const hundredths = share * 100;
  if (share > 0 && hundredths < 0.1) return '< 0.1 %';
  return `${hundredths < 10 && share > 0 ? Number(hundredths.toPrecision(2)) : Math.round(hundredths)} %`;
}

function joined(a: number, unitA: string, b: number, unitB: string): string {
  return b === 0 ? `${a} ${unitA}` : `${a} ${unitA} ${b} ${unitB}`;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

function decimal(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return power(value, 9);
  return String(value).replace('-', '−');
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '−∞';
}

/** "3.2×10⁻⁸" */
function power(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const short = String(Number(mantissa)).replace('-', '−');
  const raised = superscript(Number(exponent));
  if (short === '1') return `10${raised}`;
  return `${short}×10${raised}`;
}

const raisedDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹';

export function superscript(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => raisedDigits.charAt(Number(digit)));
  return exponent < 0 ? `⁻${digits}` : digits;
}
