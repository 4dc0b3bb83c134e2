// The cursor of a chart: a hairline at one point, a dot on each line. Elements over the canvas are moved; nothing is
// drawn again and no message is sent.
import { lowerBound, nearest } from '../data/search.ts';
import { h, show } from '../ui/dom.ts';
import { colour, onThemeChange } from '../ui/theme.ts';
import type { Chart } from './chart.ts';
import type { XCursor } from './interact.ts';
import type { Line } from './line.ts';

/** What a line says at the cursor: its last point at or before it. */
export interface Reading {
  line: Line;
  index: number;
  x: number;
  value: number;
}

/** The lines' values at `x`, or their last ones where it is null; lines without a point by then say nothing. */
export function readings(lines: readonly Line[], x: number | null): Reading[] {
  return lines.flatMap((line) => {
    const { curve } = line;
    const end = x === null ? curve.count : lowerBound(curve.x, curve.count, x * (1 + 1e-12) + 1e-12);
    const index = end - 1;
    return index < 0 ? [] : [{ line, index, x: curve.x[index] as number, value: curve.y[index] as number }];
  });
}

export class Cursor implements XCursor {
  /** Where it stands; null where nowhere. */
  x: number | null = null;
  onMove: (x: number | null) => void = () => undefined;
  readonly #chart: Chart;
  readonly #hair = h('div', { class: 'cursor-hair', hidden: true });
  readonly #dots: HTMLDivElement[] = [];

  constructor(chart: Chart) {
    this.#chart = chart;
    chart.element.append(this.#hair);
    onThemeChange(() => {
      this.place();
    });
  }

  /** Moves to the point nearest to `x`. */
  moveTo(x: number | null): void {
    const curve = this.#guide()?.curve;
    if (x !== null && curve) {
      const index = nearest(curve.x, curve.count, x);
      x = index < 0 ? null : (curve.x[index] as number);
    }
    if (x === this.x) return;
    this.x = x;
    this.place();
    this.onMove(x);
  }

  /** Moves `by` points on; from nowhere, to the last point in sight. */
  moveBy(by: number): void {
    const curve = this.#guide()?.curve;
    if (!curve || curve.count === 0) return;
    const { min, max } = this.#chart.range;
    const from = this.x ?? max;
    const index = nearest(curve.x, curve.count, from) + (this.x === null ? 0 : by);
    const x = curve.x[Math.max(0, Math.min(curve.count - 1, index))] as number;
    // Out of sight: what is in sight follows.
    if (this.#chart.view && (x < min || x > max)) {
      const shift = x < min ? x - min : x - max;
      this.#chart.zoom({ min: min + shift, max: max + shift });
    }
    this.moveTo(x);
  }

  /** Puts hairline and dots where the chart now shows them. */
  place(): void {
    const { left, top, width, height } = this.#chart.area;
    const at = this.x === null ? -1 : this.#chart.xToPixel(this.x);
    const isIn = this.x !== null && at >= left - 1 && at <= left + width + 1;
    show(this.#hair, isIn);
    const found = isIn ? readings(this.#chart.picture.lines, this.x) : [];
    if (isIn) {
      this.#hair.style.transform = `translate(${Math.round(at)}px, ${top}px)`;
      this.#hair.style.height = `${height}px`;
    }
    while (this.#dots.length < found.length) {
      const dot = h('div', { class: 'cursor-dot' });
      this.#dots.push(dot);
      this.#chart.element.append(dot);
    }
    for (const [i, dot] of this.#dots.entries()) {
      const reading = found[i];
      const y = reading && Number.isFinite(reading.value) ? this.#chart.yToPixel(reading.value) : NaN;
      const isSeen = reading !== undefined && reading.x === this.x && y >= top - 1 && y <= top + height + 1;
      show(dot, isSeen);
      if (!isSeen) continue;
      dot.style.transform = `translate(${at}px, ${y}px)`;
      dot.style.borderColor = colour(reading.line.role);
    }
  }

  /** The line whose points the cursor goes along: the one with the most. */
  #guide(): Line | undefined {
    let guide: Line | undefined;
    for (const line of this.#chart.picture.lines) {
      if (!guide || line.curve.count > guide.curve.count) guide = line;
    }
    return guide;
  }
}
