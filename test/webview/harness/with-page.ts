// A browser of the test file's own, and pages in it that must have complained of nothing by their end.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, Session, type Opened } from './browser.ts';

let browser: Browser;
let session: Session;
before(async () => {
  browser = await launch();
  session = await Session.start(browser);
});
after(() => browser.close());

export async function withPage(opened: Opened, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await session.open(opened);
  await page.mouse.move(0, 0);
  await use(page);
  assert.deepEqual(session.problems, []);
}
