// The run panel in a browser of the test file's own, and what tests look at in it.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, Session, type Opened } from './browser.ts';
import type { ScenarioName } from './scenarios.ts';

let browser: Browser;
let session: Session;
before(async () => {
  browser = await launch();
  session = await Session.start(browser);
});
after(() => browser.close());

/** Runs `use` with a page, which must have complained of nothing by its end. */
export async function withPanel(
  scenario: ScenarioName,
  memory: object,
  use: (page: Page) => Promise<void>,
  options: Partial<Opened> = {},
): Promise<void> {
  const page = await session.open({ page: 'panel', scenario, memory, ...options });
  await page.mouse.move(0, 0);
  await use(page);
  assert.deepEqual(session.problems, []);
}

/** Of the tab that is shown. */
export const inSight = (page: Page, selector: string) => page.locator(`.page:not([hidden]) ${selector}`);
export const named = (page: Page, label: string) => inSight(page, `vscode-button[aria-label="${label}"]`);
export const legend = (page: Page) => inSight(page, '.legend').first().innerText();
export const values = (page: Page, tag: string) => page.evaluate((wanted) => window.fake.values(wanted), tag);
export const isFloat = (text: string, value: number) =>
  Math.fround(Number(text.replace('−', '-'))) === Math.fround(value);
