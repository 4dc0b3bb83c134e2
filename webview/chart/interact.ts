// The hand on a chart: the pointer moves the cursor and drags a range out, the wheel zooms where it points, keys do
// all of it.
import type { Area } from '../ui/area.ts';
import { h, show } from '../ui/dom.ts';
import type { Range } from './scale.ts';

/** Anything drawn over an x axis that can be zoomed. */
export interface XPlot {
  /** Has the focus and gets the events. */
  readonly element: HTMLElement;
  /** What the axes frame, in CSS pixels from the element's corner. */
  readonly area: Area;
  /** The part of the x axis in sight, and all of it. */
  readonly range: Range;
  readonly extent: Range;
  /** The closest that it may be zoomed to. */
  readonly least: number;
  zoom(view: Range | null): void;
  pixelToX(pixel: number): number;
}

/** A cursor that stands on points along x. */
export interface XCursor {
  readonly x: number | null;
  /** To the point nearest to `x`. */
  moveTo(x: number | null): void;
  moveBy(points: number): void;
}

/** A drag of fewer pixels is a click. */
const leastDrag = 4;
const zoomFactor = 0.5;

/** `wheel`: whether the wheel zooms at once, or only with Ctrl or once the chart has the focus (in a page that scrolls). */
export function interact(chart: XPlot, cursor: XCursor, wheel: 'at once' | 'when asked'): void {
  pointer(chart, cursor);
  keys(chart, cursor);
  chart.element.addEventListener(
    'wheel',
    (event) => {
      const isAsked = event.ctrlKey || event.metaKey || document.activeElement === chart.element;
      if (wheel === 'when asked' && !isAsked) return;
      event.preventDefault();
      const pixel = event.clientX - chart.element.getBoundingClientRect().left;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (isSideways) pan(chart, Math.sign(event.deltaX || event.deltaY) * 0.1);
      else zoomAbout(chart, chart.pixelToX(pixel), Math.exp(Math.sign(event.deltaY) * 0.25));
      cursor.moveTo(chart.pixelToX(pixel));
    },
    { passive: false },
  );
}

function pointer(chart: XPlot, cursor: XCursor): void {
  const { element } = chart;
  const selection = h('div', { class: 'selection', hidden: true });
  element.append(selection);
  let drag: { from: number; kind: 'select' | 'pan'; at: Range; isMoved: boolean } | null = null;
  const place = (event: PointerEvent) => {
    const { left, width } = chart.area;
    const pixel = event.clientX - element.getBoundingClientRect().left;
    return Math.max(left, Math.min(left + width, pixel));
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    const isPan = event.shiftKey || event.button === 1;
    drag = { from: place(event), kind: isPan ? 'pan' : 'select', at: chart.range, isMoved: false };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (!drag) {
      cursor.moveTo(chart.pixelToX(at));
      return;
    }
    drag.isMoved ||= Math.abs(at - drag.from) >= leastDrag;
    if (!drag.isMoved) return;
    if (drag.kind === 'pan') {
      const perPixel = (drag.at.max - drag.at.min) / Math.max(1, chart.area.width);
      const by = (drag.from - at) * perPixel;
      chart.zoom(held(chart, { min: drag.at.min + by, max: drag.at.max + by }));
      return;
    }
    show(selection, true);
    selection.style.transform = `translateX(${Math.min(at, drag.from)}px)`;
    selection.style.width = `${Math.abs(at - drag.from)}px`;
    selection.style.top = `${chart.area.top}px`;
    selection.style.height = `${chart.area.height}px`;
  });
  const end = (event: PointerEvent) => {
    if (!drag) return;
    const { from, kind, isMoved } = drag;
    drag = null;
    show(selection, false);
    if (kind !== 'select' || !isMoved || event.type === 'pointercancel') return;
    const ends = [chart.pixelToX(from), chart.pixelToX(place(event))];
    zoomTo(chart, { min: Math.min(...ends), max: Math.max(...ends) });
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => {
    if (!drag && document.activeElement !== element) cursor.moveTo(null);
  });
  element.addEventListener('dblclick', () => {
    chart.zoom(null);
  });
}

function keys(chart: XPlot, cursor: XCursor): void {
  chart.element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actionOf(event, chart, cursor);
    if (!act) return;
    event.preventDefault();
    act();
  });
  chart.element.addEventListener('blur', () => {
    cursor.moveTo(null);
  });
}

function actionOf(event: KeyboardEvent, chart: XPlot, cursor: XCursor): (() => void) | null {
  const { min, max } = chart.range;
  const about = cursor.x ?? (min + max) / 2;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const sign = event.key === 'ArrowLeft' ? -1 : 1;
      return () => {
        if (event.shiftKey) pan(chart, sign * 0.1);
        else cursor.moveBy(sign);
      };
    }
    case 'PageUp':
    case 'PageDown':
      return () => {
        cursor.moveBy(event.key === 'PageUp' ? -10 : 10);
      };
    case 'Home':
    case 'End':
      return () => {
        cursor.moveTo(event.key === 'Home' ? min : max);
      };
    case '+':
    case '=':
      return () => {
        zoomAbout(chart, about, zoomFactor);
      };
    case '-':
      return () => {
        zoomAbout(chart, about, 1 / zoomFactor);
      };
    case '0':
    case 'Escape':
      return () => {
        chart.zoom(null);
      };
    default:
      return null;
  }
}

function zoomAbout(chart: XPlot, x: number, factor: number): void {
  const { min, max } = chart.range;
  zoomTo(chart, { min: x - (x - min) * factor, max: x + (max - x) * factor });
}

function pan(chart: XPlot, share: number): void {
  const { min, max } = chart.range;
  const by = (max - min) * share;
  chart.zoom(held(chart, { min: min + by, max: max + by }));
}

function zoomTo(chart: XPlot, wanted: Range): void {
  const whole = chart.extent;
  if (wanted.max - wanted.min >= whole.max - whole.min) {
    chart.zoom(null);
    return;
  }
  const middle = (wanted.min + wanted.max) / 2;
  const half = Math.max(wanted.max - wanted.min, chart.least) / 2;
  chart.zoom(held(chart, { min: middle - half, max: middle + half }));
}

/** The range moved so that it lies within what there is. */
function held(chart: XPlot, { min, max }: Range): Range {
  const whole = chart.extent;
  const width = Math.min(max - min, whole.max - whole.min);
  const start = Math.max(whole.min, Math.min(min, whole.max - width));
  return { min: start, max: start + width };
}
