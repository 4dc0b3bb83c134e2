// What tests look at in a page.
import type { Locator, Page } from 'playwright-core';
import { settle } from './browser.ts';

/**
 * The calls that the page has made of a method, in order. A click returns before its handlers have run,
 * so the page first comes to rest.
 */
export async function callsOf(page: Page, method: string): Promise<unknown[]> {
  await settle(page);
  return page.evaluate(
    (wanted) => window.fake.calls.filter((call) => call.method === wanted).map(({ params }) => params),
    method,
  );
}

/** The tags pulled since `since` calls ago began. */
export async function pulledTags(page: Page, since = 0): Promise<string[]> {
  const calls = (await callsOf(page, 'points')).slice(since) as { wanted: { tag: string }[] }[];
  return calls.flatMap(({ wanted }) => wanted.map(({ tag }) => tag));
}

export async function grow(page: Page, steps: number): Promise<void> {
  await page.evaluate((count) => {
    window.fake.grow(count);
  }, steps);
  await settle(page);
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await settle(page);
}

/** The canvas' colour at a CSS pixel of its element, as [r, g, b, a]. */
export function pixel(canvas: Locator, x: number, y: number): Promise<number[]> {
  return canvas.evaluate(
    (element, [left, top]) => {
      const { width, clientWidth } = element as HTMLCanvasElement;
      const ratio = width / clientWidth;
      const context = (element as HTMLCanvasElement).getContext('2d');
      return [...(context?.getImageData(left * ratio, top * ratio, 1, 1).data ?? [])];
    },
    [x, y] as const,
  );
}

/** Elements with text of their own whose contrast with what lies behind them is under `least`, with the ratio. */
export function lowContrast(page: Page, least: number): Promise<string[]> {
  return page.evaluate((wanted) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (css: string): [number, number, number, number] => {
      if (!canvas) throw new Error('no canvas');
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data as unknown as [
        number,
        number,
        number,
        number,
      ];
      return [r, g, b, a / 255];
    };
    const over = (top: number[], below: number[]) =>
      [0, 1, 2].map((i) => (top[i] ?? 0) * (top[3] ?? 1) + (below[i] ?? 0) * (1 - (top[3] ?? 1)));
    const luminance = (colour: number[]) => {
      const [r, g, b] = colour.map((channel) => {
        const share = channel / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element: Element): number[] => {
      const own = rgba(getComputedStyle(element).backgroundColor);
      const parent = element.parentElement;
      return own[3] === 1 || !parent ? own : over(own, ground(parent));
    };
    return [...document.querySelectorAll('main *')].flatMap((element) => {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      const isDisabled = element.closest(':disabled, [disabled]') !== null;
      // The library's buttons and fields have colours of VS Code's own, inside.
      const isWidget = element.closest(
        'vscode-button, vscode-text-field, vscode-dropdown, .alarm, [data-verdict]',
      );
      if (!hasText || isDisabled || isWidget || !element.checkVisibility()) return [];
      const below = ground(element);
      const above = over(rgba(getComputedStyle(element).color), below);
      const [light, dark] = [luminance(above), luminance(below)].sort((a, b) => b - a) as [number, number];
      const ratio = (light + 0.05) / (dark + 0.05);
      return ratio < wanted ? [`${element.textContent.slice(0, 40)}: ${ratio.toFixed(2)}`] : [];
    });
  }, least);
}

/** What takes the focus and has no name for it. */
export function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const focusable = 'button, input, a[href], [tabindex], vscode-button, vscode-text-field, vscode-dropdown';
    return [...document.querySelectorAll(focusable)]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const label = element.getAttribute('aria-label') ?? element.getAttribute('title') ?? '';
        return label === '' && element.textContent.trim() === '' && element.closest('label') === null;
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}
