// Which part of a tensor is looked at: two of its axes, a stretch of each, one index of every other.
import type { TensorPart } from '../../protocol/inspect.ts';

/** A stretch of rows and one of columns; ends are not part of them. */
export interface Stretch {
  rows: [number, number];
  columns: [number, number];
}

/** All of a vector or matrix; of more axes the two longest (the later ones of equals), at the first index of the others. */
export function wholePart(shape: readonly number[]): TensorPart {
  const longest = shape
    .map((size, axis) => ({ size, axis }))
    .sort((a, b) => b.size - a.size || b.axis - a.axis)
    .slice(0, 2)
    .map(({ axis }) => axis)
    .sort((a, b) => a - b);
  return {
    rowAxis: longest.length === 2 ? (longest[0] as number) : null,
    columnAxis: longest.at(-1) ?? null,
    at: shape.map(() => 0),
    rows: null,
    columns: null,
  };
}

export function sizeOf(
  { rowAxis, columnAxis }: TensorPart,
  shape: readonly number[],
): {
  rows: number;
  columns: number;
} {
  return {
    rows: rowAxis === null ? 1 : (shape[rowAxis] ?? 0),
    columns: columnAxis === null ? 1 : (shape[columnAxis] ?? 0),
  };
}

export function stretchOf(part: TensorPart, shape: readonly number[]): Stretch {
  const { rows, columns } = sizeOf(part, shape);
  return { rows: part.rows ?? [0, rows], columns: part.columns ?? [0, columns] };
}

/** With another axis as rows or columns; the axis that it was trades places with it. Shows all of both. */
export function withAxis(part: TensorPart, which: 'rowAxis' | 'columnAxis', axis: number): TensorPart {
  const other = which === 'rowAxis' ? 'columnAxis' : 'rowAxis';
  const changed = { ...part, [which]: axis, rows: null, columns: null };
  return part[other] === axis ? { ...changed, [other]: part[which] } : changed;
}

export function withIndex(part: TensorPart, axis: number, index: number): TensorPart {
  return { ...part, at: part.at.map((old, i) => (i === axis ? index : old)) };
}

/** The stretch moved and cut so that it lies within what there is; all of it becomes null. */
export function withStretch(part: TensorPart, shape: readonly number[], wanted: Stretch | null): TensorPart {
  if (!wanted) return { ...part, rows: null, columns: null };
  const { rows, columns } = sizeOf(part, shape);
  return { ...part, rows: held(wanted.rows, rows), columns: held(wanted.columns, columns) };
}

function held([from, to]: [number, number], size: number): [number, number] | null {
  const length = Math.max(1, Math.min(size, Math.round(to - from)));
  const start = Math.max(0, Math.min(size - length, Math.round(from)));
  return length === size ? null : [start, start + length];
}

/** The one row (or column) that holds `index` on the other axis, whole. */
export function linePart(part: TensorPart, along: 'row' | 'column', index: number): TensorPart {
  const { rowAxis, columnAxis } = part;
  const [kept, fixed] = along === 'row' ? [columnAxis, rowAxis] : [rowAxis, columnAxis];
  const at = part.at.map((old, axis) => (axis === fixed ? index : old));
  return { rowAxis: null, columnAxis: kept, at, rows: null, columns: null };
}
