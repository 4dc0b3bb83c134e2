// The run panel in a browser of the test file's own, and what tests look at in it.
import type { Page } from 'playwright-core';
import type { Opened } from './browser.ts';
import type { ScenarioName } from './scenarios.ts';
import { withPage } from './with-page.ts';

export function withPanel(
  scenario: ScenarioName,
  memory: object,
  use: (page: Page) => Promise<void>,
  options: Partial<Opened> = {},
): Promise<void> {
  return withPage({ page: 'panel', scenario, memory, ...options }, use);
}

/** Of the tab that is shown. */
export const inSight = (page: Page, selector: string) => page.locator(`.page:not([hidden]) ${selector}`);
export const named = (page: Page, label: string) => inSight(page, `vscode-button[aria-label="${label}"]`);
export const legend = (page: Page) => inSight(page, '.legend').first().innerText();
export const values = (page: Page, tag: string) => page.evaluate((wanted) => window.fake.values(wanted), tag);
export const isFloat = (text: string, value: number) =>
  Math.fround(Number(text.replace('−', '-'))) === Math.fround(value);
