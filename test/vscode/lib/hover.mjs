// Hovers over code, as a person with a keyboard asks for them.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The line and column, from 1, of `|` in a piece of text that the file holds without it. */
export function placeOf(file, marked) {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(marked.replace('|', ''));
  if (start < 0) throw new Error(`${path.basename(file)} does not hold ${marked}`);
  const lines = text.slice(0, start + marked.indexOf('|')).split('\n');
  return { line: lines.length, column: lines.at(-1).length + 1 };
}

/**
 * Opens a file and asks what is known of the place of `|`.
 *
 * @returns Playwright's locator of what is on show; null where nothing is within some seconds
 */
export async function hover(window, folder, name, marked, milliseconds = 60_000) {
  const { line, column } = placeOf(path.join(folder, name), marked);
  await closeHover(window);
  await window.openFile(name);
  await window.goTo(line, column);
  await window.page.keyboard.press('Control+K');
  await window.page.keyboard.press('Control+I');
  const ours = window.page.locator('a[data-href*="unroll."]');
  const shown = window.page.locator('.monaco-hover:not(.hidden)').filter({ has: ours }).first();
  try {
    await shown.waitFor({ timeout: milliseconds });
  } catch (error) {
    if (error.name === 'TimeoutError') return null;
    throw error;
  }
  return shown;
}

export async function closeHover(window) {
  const { page } = window;
  if (await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().isVisible())
    await page.keyboard.press('Escape');
}
