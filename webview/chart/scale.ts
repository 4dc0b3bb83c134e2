// Ranges and ticks of axes: round numbers, and ranges that stay as they are while a live curve grows into them.

export interface Range {
  min: number;
  max: number;
}

/** 1, 2 or 5 times a power of ten: the least that is at least `rough`. */
export function niceStep(rough: number): number {
  const unit = 10 ** Math.floor(Math.log10(rough));
  for (const factor of [1, 2, 5]) if (factor * unit >= rough * (1 - 1e-9)) return factor * unit;
  return 10 * unit;
}

/** A linear range that holds [min, max] and ends on round numbers. */
export function niceRange(min: number, max: number): Range {
  if (min > max) return { min: 0, max: 1 };
  if (min === max) {
    const margin = Math.abs(min) * 0.1 || 1;
    return niceRange(min - margin, max + margin);
  }
  const step = niceStep((max - min) / 5);
  const floor = Math.floor(min / step + 1e-9) * step;
  return { min: tidy(floor), max: tidy(Math.ceil(max / step - 1e-9) * step) };
}

/** A log range that holds [min, max], both above zero: whole decades, or 1, 2, 5 within them. */
export function niceLogRange(min: number, max: number): Range {
  if (min > max) return { min: 0.1, max: 1 };
  const isWide = Math.log10(max / min) > 2;
  return { min: logBound(min, isWide, -1), max: logBound(max, isWide, 1) };
}

function logBound(value: number, isWide: boolean, direction: 1 | -1): number {
  const exponent = Math.floor(Math.log10(value) + 1e-12);
  const marks = isWide ? [1, 10] : [1, 2, 5, 10];
  const bounds = marks.map((mark) => Number(`${mark}e${exponent}`));
  // A value on a mark gets the next one, lest its line lie on the frame.
  if (direction > 0)
    return bounds.find((bound) => bound > value * 1.0001) ?? Number(`${isWide ? 10 : 2}e${exponent + 1}`);
  return bounds.findLast((bound) => bound < value * 0.9999) ?? Number(`${isWide ? 1 : 5}e${exponent - 1}`);
}

/** The end of a live x axis: beyond the last point, so that the curve grows to the right and is seldom squeezed. */
export function liveEnd(last: number, start: number): number {
  const span = Math.max(last - start, Number.EPSILON);
  const unit = 10 ** Math.floor(Math.log10(span));
  for (const factor of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) {
    if (factor * unit >= span * 1.02) return start + factor * unit;
  }
  return start + 15 * unit;
}

/** Round numbers in [min, max], at most about one for every `spacing` of `length` pixels. */
export function ticks(min: number, max: number, length: number, spacing: number, isWhole = false): number[] {
  const most = Math.max(2, Math.floor(length / spacing));
  let step = niceStep((max - min) / most);
  if (isWhole) step = Math.max(1, step);
  const found: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) found.push(tidy(i * step));
  return found;
}

/** Powers of ten; with room, 2 and 5 times them; thinned out where they are many. */
export function logTicks(min: number, max: number, length: number, spacing: number): number[] {
  const most = Math.max(2, Math.floor(length / spacing));
  const first = Math.floor(Math.log10(min) + 1e-9);
  const last = Math.ceil(Math.log10(max) - 1e-9);
  const decades = last - first;
  const marks = decades * 3 <= most ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / most));
  const found: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    if (exponent % every !== 0) continue;
    for (const mark of marks) {
      const value = Number(`${mark}e${exponent}`);
      if (value >= min * 0.9999 && value <= max * 1.0001) found.push(value);
    }
  }
  return found;
}

const timeSteps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/** Ticks on seconds, minutes and hours. */
export function timeTicks(min: number, max: number, length: number, spacing: number): number[] {
  const rough = (max - min) / Math.max(2, Math.floor(length / spacing));
  const step = timeSteps.find((one) => one >= rough) ?? niceStep(rough / 86400) * 86400;
  const found: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) found.push(tidy(i * step));
  return found;
}

/** Without the dust of binary fractions. */
const tidy = (value: number) => Number(value.toPrecision(12));
