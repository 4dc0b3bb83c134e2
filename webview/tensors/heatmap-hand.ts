// The hand on a tensor's heatmap: the pointer reads, a click picks, a drag or the wheel zooms; keys do all of it.
import { h, show } from '../ui/dom.ts';
import type { Cell, TensorHeatmap } from './heatmap.ts';
import type { Stretch } from './part.ts';

/** A drag of fewer pixels is a click. */
const leastDrag = 4;

export function hand(map: TensorHeatmap): void {
  pointer(map);
  keys(map);
  map.element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== map.element) return;
      event.preventDefault();
      const { left, top } = map.element.getBoundingClientRect();
      const about = map.at(event.clientX - left, event.clientY - top);
      if (event.shiftKey) move(map, 0, Math.sign(event.deltaY || event.deltaX));
      else zoom(map, Math.exp(Math.sign(event.deltaY) * 0.25), about);
    },
    { passive: false },
  );
}

/** @param about the place that keeps its place; the middle where there is none */
export function zoom(
  map: TensorHeatmap,
  factor: number,
  about: Cell | null = map.cell && middleOf(map.cell),
): void {
  const { rows, columns } = map.view;
  const whole = map.whole;
  const point = about ?? { row: (rows[0] + rows[1]) / 2, column: (columns[0] + columns[1]) / 2 };
  const scaled = ([from, to]: [number, number], at: number, most: number): [number, number] => {
    let length = Math.max(1, Math.min(most, (to - from) * factor));
    // Every step shows less, or more, down to a cell.
    if (Math.round(length) === to - from)
      length = Math.max(1, Math.min(most, to - from + Math.sign(factor - 1)));
    const start = at - ((at - from) / (to - from)) * length;
    return heldWithin([start, start + length], most);
  };
  setView(map, {
    rows: scaled(rows, point.row, whole.rows[1]),
    columns: scaled(columns, point.column, whole.columns[1]),
  });
}

const middleOf = ({ row, column }: Cell): Cell => ({ row: row + 0.5, column: column + 0.5 });

/** By tenths of what is in sight, at least by one. */
function move(map: TensorHeatmap, down: number, right: number): void {
  const by = ([from, to]: [number, number], sign: number, most: number): [number, number] => {
    const distance = sign * Math.max(1, Math.round((to - from) / 10));
    return heldWithin([from + distance, to + distance], most);
  };
  const { rows, columns } = map.view;
  setView(map, {
    rows: by(rows, down, map.whole.rows[1]),
    columns: by(columns, right, map.whole.columns[1]),
  });
}

function heldWithin([from, to]: [number, number], most: number): [number, number] {
  const length = Math.max(1, Math.min(most, Math.round(to - from)));
  const start = Math.max(0, Math.min(most - length, Math.round(from)));
  return [start, start + length];
}

function setView(map: TensorHeatmap, view: Stretch): void {
  const { rows, columns } = map.whole;
  const isWhole = view.rows[1] - view.rows[0] >= rows[1] && view.columns[1] - view.columns[0] >= columns[1];
  map.zoomTo(isWhole ? null : view);
}

function pointer(map: TensorHeatmap): void {
  const { element } = map;
  const selection = h('div', { class: 'heat-selection', hidden: true });
  element.append(selection);
  let from: { x: number; y: number } | null = null;
  let isMoved = false;
  const place = (event: PointerEvent) => {
    const box = element.getBoundingClientRect();
    const { left, top, width, height } = map.area;
    return {
      x: Math.max(left, Math.min(left + width - 0.01, event.clientX - box.left)),
      y: Math.max(top, Math.min(top + height - 0.01, event.clientY - box.top)),
    };
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = place(event);
    isMoved = false;
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const at = place(event);
    map.moveTo(map.at(at.x, at.y));
    if (!from) return;
    isMoved ||= Math.hypot(at.x - from.x, at.y - from.y) >= leastDrag;
    show(selection, isMoved);
    selection.style.transform = `translate(${Math.min(at.x, from.x)}px, ${Math.min(at.y, from.y)}px)`;
    selection.style.width = `${Math.abs(at.x - from.x)}px`;
    selection.style.height = `${Math.abs(at.y - from.y)}px`;
  });
  const end = (event: PointerEvent) => {
    const start = from;
    from = null;
    show(selection, false);
    if (!start || event.type === 'pointercancel') return;
    const at = place(event);
    if (isMoved) setView(map, between(map.at(start.x, start.y), map.at(at.x, at.y)));
    else pickAt(map, map.at(at.x, at.y));
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => {
    if (!from && document.activeElement !== element) map.moveTo(null);
  });
}

function pickAt(map: TensorHeatmap, { row, column }: Cell): void {
  map.onPick({ row: Math.floor(row), column: Math.floor(column) });
}

/** The cells that a drag from one place to another has touched. */
function between(a: Cell, b: Cell): Stretch {
  const along = (x: number, y: number): [number, number] => [
    Math.floor(Math.min(x, y)),
    Math.floor(Math.max(x, y)) + 1,
  ];
  return { rows: along(a.row, b.row), columns: along(a.column, b.column) };
}

function keys(map: TensorHeatmap): void {
  map.element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actionOf(map, event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  map.element.addEventListener('blur', () => {
    map.moveTo(null);
  });
}

function actionOf(map: TensorHeatmap, { key, shiftKey }: KeyboardEvent): (() => void) | null {
  const { rows, columns } = map.view;
  const arrows: Record<string, [down: number, right: number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [-10, 0],
    PageDown: [10, 0],
    Home: [0, -Infinity],
    End: [0, Infinity],
  };
  const arrow = arrows[key];
  if (arrow) {
    const [down, right] = arrow;
    return () => {
      if (shiftKey) move(map, Math.sign(down), Math.sign(right));
      else if (map.cell) step(map, map.cell, down, right);
      else map.moveTo({ row: rows[0], column: columns[0] });
    };
  }
  const actions: Record<string, () => void> = {
    '+': () => {
      zoom(map, 0.5);
    },
    '=': () => {
      zoom(map, 0.5);
    },
    '-': () => {
      zoom(map, 2);
    },
    '0': () => {
      map.zoomTo(null);
    },
    Enter: () => {
      if (map.cell) map.onPick(map.cell);
    },
    Escape: () => {
      map.onPick(null);
    },
  };
  return actions[key] ?? null;
}

/** Beyond the edge of what is in sight, what is in sight moves along. */
function step(map: TensorHeatmap, cell: Cell, down: number, right: number): void {
  const [row, column] = [cell.row + down, cell.column + right];
  const { rows, columns } = map.view;
  const isOut = (at: number, [from, to]: [number, number]) => Number.isFinite(at) && (at < from || at >= to);
  if (isOut(row, rows) || isOut(column, columns)) {
    const shifted = (at: number, [from, to]: [number, number], most: number): [number, number] => {
      const by = !Number.isFinite(at) ? 0 : at < from ? at - from : at >= to ? at - to + 1 : 0;
      return heldWithin([from + by, to + by], most);
    };
    setView(map, {
      rows: shifted(row, rows, map.whole.rows[1]),
      columns: shifted(column, columns, map.whole.columns[1]),
    });
  }
  map.moveTo({ row, column });
}
