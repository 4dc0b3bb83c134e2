// Pictures of real runs for README and docs: `node build/test/webview/run-shots.mjs OUT NAME=FOLDER...`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launch, Session, settle } from './harness/browser.ts';
import { readRecorded } from './harness/recorded.ts';
import type { ThemeName } from './harness/themes.ts';

const [out = '', ...named] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

/** The page as high as what it shows. */
async function grow(page: Page, width: number, most: number): Promise<void> {
  const height = await page.evaluate(() => {
    const shown = document.querySelector('.page:not([hidden])');
    return (shown?.getBoundingClientRect().top ?? 0) + (shown?.scrollHeight ?? 0);
  });
  await page.setViewportSize({ width, height: Math.ceil(Math.min(height, most)) });
  await settle(page);
}

const browser = await launch();
try {
  for (const one of named) {
    const [name = '', folder = ''] = one.split('=');
    const recorded = readRecorded(path.resolve(folder), name);
    for (const theme of ['dark', 'light'] as ThemeName[]) {
      for (const tab of ['loss', 'gradients', 'through-time'] as const) {
        const session = await Session.start(browser);
        const opened = { page: 'panel', scenario: 'recorded', recorded, theme, memory: { tab } } as const;
        const page = await session.open({ ...opened, width: 900, height: 560 });
        if (tab === 'through-time') await grow(page, 900, 2000);
        await page.screenshot({ path: path.join(out, `${name}-${tab}-${theme}.png`) });
        if (tab === 'through-time') {
          await page.setViewportSize({ width: 420, height: 1600 });
          await settle(page);
          const box = await page.locator('.layer').first().boundingBox();
          if (!box) throw new Error(`${name} has no recurrent layer`);
          const clip = { x: 0, y: box.y - 8, width: 420, height: box.height + 16 };
          await page.screenshot({ path: path.join(out, `${name}-layer-${theme}.png`), clip });
        }
        for (const problem of session.problems) console.log(`${name}, ${tab}: ${problem}`);
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
}
