// The part of a tensor that is looked at, its numbers, its distribution and its picture: of a tensor in a file what
// native/telemetry/{plane,statistics,reading}.cpp say of one in memory.
import type { TensorHistogram, TensorPart, TensorPicture, TensorStatistics } from '../../protocol/inspect.ts';
import type { Elements } from './elements.ts';

const maxSamples = 1 << 14;
const cut = 0.001;

/** Rows and columns of elements. */
export interface Plane {
  element: Elements;
  /** Of the first, and of those beside and below each other, in elements. */
  offset: number;
  rows: number;
  columns: number;
  rowStride: number;
  columnStride: number;
}

/** All of a tensor whose elements lie row by row. */
export function wholePlane(element: Elements, shape: readonly number[]): Plane {
  const count = shape.reduce((product, n) => product * n, 1);
  const rows = shape.length > 1 ? (shape[0] as number) : 1;
  const columns = rows === 0 ? 0 : count / rows;
  return { element, offset: 0, rows, columns, rowStride: columns, columnStride: 1 };
}

/** @throws RangeError where the tensor has no such part */
export function planeOf(element: Elements, shape: readonly number[], part: TensorPart): Plane {
  const plane = { element, offset: 0, rows: 1, columns: 1, rowStride: 0, columnStride: 0 };
  const { rowAxis, columnAxis, at } = part;
  const sizes = `[${shape.join(', ')}]`;
  for (const axis of [rowAxis, columnAxis]) {
    if (axis !== null && !(axis >= 0 && axis < shape.length))
      throw new RangeError(`there is no axis ${axis} in a tensor of sizes ${sizes}`);
  }
  if (rowAxis !== null && rowAxis === columnAxis) throw new RangeError('rows and columns are different axes');
  if (at.length !== shape.length)
    throw new RangeError(`a tensor of sizes ${sizes} takes ${shape.length} indices, not ${at.length}`);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (axis === rowAxis || axis === columnAxis) {
      const [from, to] = stretch(size, axis === rowAxis ? part.rows : part.columns);
      plane.offset += from * stride;
      if (axis === rowAxis) Object.assign(plane, { rows: to - from, rowStride: stride });
      else Object.assign(plane, { columns: to - from, columnStride: stride });
    } else {
      const index = at[axis] as number;
      if (!(index >= 0 && index < size))
        throw new RangeError(`index ${index} is out of bounds for axis ${axis} with size ${size}`);
      plane.offset += index * stride;
    }
    stride *= size;
  }
  return plane;
}

/** [from, to), cut to what is there. */
function stretch(size: number, wanted: [number, number] | null): [number, number] {
  const [first, last] = wanted ?? [0, size];
  const from = Math.min(Math.max(first, 0), size);
  return [from, Math.min(Math.max(last, from), size)];
}

/** Visits the elements row by row. */
function each(plane: Plane, visit: (x: number) => void): void {
  const { element, offset, rows, columns, rowStride, columnStride } = plane;
  for (let r = 0; r < rows; r++) {
    for (let c = 0, at = offset + r * rowStride; c < columns; c++, at += columnStride) visit(element(at));
  }
}

export function statisticsOf(plane: Plane): TensorStatistics {
  const count = plane.rows * plane.columns;
  let [nan, infinite, zeros, sum, squares, low, high] = [0, 0, 0, 0, 0, Infinity, -Infinity];
  each(plane, (x) => {
    if (Number.isNaN(x)) nan++;
    else if (!Number.isFinite(x)) infinite++;
    else {
      if (x === 0) zeros++;
      sum += x;
      squares += x * x;
      if (x < low) low = x;
      if (x > high) high = x;
    }
  });
  const finite = count - nan - infinite;
  if (finite === 0) {
    const none = { mean: 0, deviation: 0, low: 0, high: 0, norm: 0, robustLow: 0, robustHigh: 0 };
    return { count, nan, infinite, zeros, ...none };
  }
  const mean = sum / finite;
  let spread = 0;
  each(plane, (x) => {
    if (Number.isFinite(x)) spread += (x - mean) ** 2;
  });
  const [robustLow, robustHigh] = robustRange(plane) ?? [low, high];
  const deviation = Math.sqrt(spread / finite);
  return {
    count,
    nan,
    infinite,
    zeros,
    mean,
    deviation,
    low,
    high,
    norm: Math.sqrt(squares),
    robustLow,
    robustHigh,
  };
}

function robustRange({
  element,
  offset,
  rows,
  columns,
  rowStride,
  columnStride,
}: Plane): [number, number] | null {
  const all = rows * columns;
  const count = Math.min(all, maxSamples);
  const samples = Array.from({ length: count }, (_, i) => {
    const at = Math.floor((i * all) / count);
    return element(offset + Math.floor(at / columns) * rowStride + (at % columns) * columnStride);
  });
  const finite = Float64Array.from(samples.filter(Number.isFinite)).sort();
  const skipped = Math.floor(cut * finite.length);
  const [low, high] = [finite.at(skipped), finite.at(-1 - skipped)];
  return low === undefined || high === undefined ? null : [low, high];
}

/** The range in which a histogram counts: all of it where that is not much wider than where nearly all lies. */
export function histogramRange(s: TensorStatistics): [number, number] {
  const nearly = s.robustHigh - s.robustLow;
  return s.high - s.low <= 2 * nearly || nearly === 0 ? [s.low, s.high] : [s.robustLow, s.robustHigh];
}

export function histogramOf(plane: Plane, [low, high]: [number, number], bins: number): TensorHistogram {
  const counts = new Float64Array(bins);
  const scale = high > low ? bins / (high - low) : 0;
  let [below, above] = [0, 0];
  each(plane, (x) => {
    if (x >= low && x <= high) {
      const bin = Math.min(Math.floor((x - low) * scale), bins - 1);
      counts[bin] = (counts[bin] as number) + 1;
    } else if (Number.isFinite(x)) {
      if (x < low) below++;
      else above++;
    }
  });
  return { low, high, counts: new Uint8Array(counts.buffer), below, above };
}

export function pictureOf(plane: Plane, maxRows: number, maxColumns: number): TensorPicture {
  const rows = Math.min(maxRows, plane.rows);
  const columns = Math.min(maxColumns, plane.columns);
  const [low, high, mean] = [0, 1, 2].map(() => new Float32Array(rows * columns).fill(NaN)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const nonFinite = new Uint32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [top, bottom] = tile(r, plane.rows, rows);
      const [left, right] = tile(c, plane.columns, columns);
      const offset = plane.offset + top * plane.rowStride + left * plane.columnStride;
      let [finite, sum, least, most] = [0, 0, Infinity, -Infinity];
      each({ ...plane, offset, rows: bottom - top, columns: right - left }, (x) => {
        if (!Number.isFinite(x)) return;
        finite++;
        sum += x;
        if (x < least) least = x;
        if (x > most) most = x;
      });
      const at = r * columns + c;
      nonFinite[at] = (bottom - top) * (right - left) - finite;
      if (finite === 0) continue;
      low[at] = least;
      high[at] = most;
      mean[at] = sum / finite;
    }
  }
  const [lowBytes, highBytes, meanBytes] = [low, high, mean].map(({ buffer }) => new Uint8Array(buffer)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const bytes = {
    low: lowBytes,
    high: highBytes,
    mean: meanBytes,
    nonFinite: new Uint8Array(nonFinite.buffer),
  };
  return { rows, columns, ...bytes };
}

/** The `i`-th of `tiles` equal parts of [0, size). */
function tile(i: number, size: number, tiles: number): [number, number] {
  return [Math.floor((i * size) / tiles), Math.floor(((i + 1) * size) / tiles)];
}
