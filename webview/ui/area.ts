// What axes frame.

/** A part of an element, in CSS pixels from its corner. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What axes frame that take `margin` around it. */
export function within(
  element: HTMLElement,
  margin: { left: number; right: number; top: number; bottom: number },
): Area {
  return {
    left: margin.left,
    top: margin.top,
    width: Math.max(1, element.clientWidth - margin.left - margin.right),
    height: Math.max(1, element.clientHeight - margin.top - margin.bottom),
  };
}
