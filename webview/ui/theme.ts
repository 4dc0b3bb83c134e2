// The editor's colours as canvases need them: resolved, and again whenever the theme changes.

export interface Theme {
  background: string;
  foreground: string;
  /** Axis numbers and captions. */
  faint: string;
  /** Grid lines. */
  grid: string;
  /** Axis lines, frames. */
  line: string;
  train: string;
  eval: string;
  before: string;
  after: string;
  alarm: string;
  nonFinite: string;
  focus: string;
  /** Of runs laid over the first one. */
  hues: string[];
  font: string;
  isHighContrast: boolean;
}

/** A colour by its role. */
export type Role = 'train' | 'eval' | 'before' | 'after' | 'alarm' | 'foreground' | 'faint' | `hue-${number}`;

/** The roles are variables of base.css, made there from VS Code's own. */
function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const get = (name: string) => style.getPropertyValue(`--unroll-${name}`).trim();
  return {
    background: get('background'),
    foreground: get('foreground'),
    faint: get('faint'),
    grid: get('grid'),
    line: get('line'),
    train: get('train'),
    eval: get('eval'),
    before: get('before'),
    after: get('after'),
    alarm: get('alarm'),
    nonFinite: get('non-finite'),
    focus: get('focus'),
    hues: [1, 2, 3, 4, 5].map((n) => get(`hue-${n}`)),
    font: `${style.fontSize} ${style.fontFamily}`,
    isHighContrast: document.body.className.includes('high-contrast'),
  };
}

let current: Theme | undefined;
const listeners = new Set<() => void>();

export function theme(): Theme {
  return (current ??= readTheme());
}

export function colour(role: Role): string {
  const now = theme();
  if (!role.startsWith('hue-')) return now[role as 'train'];
  return now.hues[Number(role.slice(4)) % now.hues.length] as string;
}

/** Calls `redraw` after every change of theme. */
export function onThemeChange(redraw: () => void): void {
  listeners.add(redraw);
}

/** To be called once, when the page's style sheet is there. VS Code changes classes and variables. */
export function watchTheme(): void {
  const observer = new MutationObserver(() => {
    current = undefined;
    for (const redraw of listeners) redraw();
  });
  const attributes = { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-kind'] };
  observer.observe(document.body, attributes);
  observer.observe(document.documentElement, attributes);
}

/** "12px sans-serif" with another size. */
export function fontOf(size: number): string {
  return theme().font.replace(/^[\d.]+px/, `${size}px`);
}

export const isMotionReduced = () =>
  document.body.classList.contains('vscode-reduce-motion') ||
  matchMedia('(prefers-reduced-motion: reduce)').matches;
