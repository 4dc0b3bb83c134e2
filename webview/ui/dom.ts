// Making elements. Whatever comes from outside becomes text, never markup.

type Value = string | number | boolean | null | undefined;
export type Child = Node | string | null | false | undefined;
type Listeners = { [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };

/** `class`, `on` (listeners) and attributes; true is an attribute without a value, false and null are none. */
export interface Properties {
  on?: Listeners;
  [attribute: string]: Value | Listeners;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  apply(element, properties);
  append(element, children);
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  append(element, children);
  return element;
}

export function apply(element: Element, { on, ...attributes }: Properties): void {
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value as Value);
  for (const [event, listener] of Object.entries(on ?? {})) {
    element.addEventListener(event, listener as EventListener);
  }
}

export function setAttribute(element: Element, name: string, value: Value): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else {
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child !== null && child !== false && child !== undefined) element.append(child);
  }
}

/** Changes an element's text where it differs: an unchanged text is no work and no announcement. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, isShown: boolean): void {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** Puts `children` into `parent` unless they are there already: what has the focus keeps it. */
export function replaceWhereDifferent(parent: Element, children: readonly Element[]): void {
  const isSame =
    parent.children.length === children.length && children.every((child, i) => parent.children[i] === child);
  if (!isSame) parent.replaceChildren(...children);
}

export function icon(name: string): HTMLSpanElement {
  return h('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

/** Runs `draw` once before the next frame, however often it is asked for. */
export function onNextFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
