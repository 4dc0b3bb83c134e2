// For everyone: hostile names stay text, every theme is readable, keys reach everything, nothing is nameless.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { settle, type Opened } from './harness/browser.ts';
import { callsOf, lowContrast, nameless } from './harness/look.ts';
import { themes, type ThemeName } from './harness/themes.ts';
import { withPage } from './harness/with-page.ts';

const tabs = ['loss', 'gradients', 'through-time', 'tensors'] as const;
const themeNames = Object.keys(themes) as ThemeName[];

test('names full of markup stay text, on every page', async () => {
  const hostile = '<img src=x onerror=';
  const pages: Opened[] = [
    ...tabs.map((tab) => ({
      page: 'panel' as const,
      scenario: 'hostile' as const,
      memory: { tab },
      height: 1400,
    })),
    { page: 'training', scenario: 'hostile' },
  ];
  for (const opened of pages) {
    await withPage(opened, async (page) => {
      assert.ok((await page.locator('main').innerText()).includes(hostile));
      assert.equal(await page.locator('main img, main script').count(), 0);
      assert.notEqual(await page.title(), 'owned');
    });
  }
});

test('a hostile name starts no formula in an exported table', async () => {
  await withPage({ page: 'panel', scenario: 'hostile', memory: { tab: 'loss' } }, async (page) => {
    await page.evaluate(() => {
      window.fake.change({ name: '=cmd|calc!A1, "x"' });
    });
    await settle(page);
    await page.locator('.page:not([hidden]) vscode-button[aria-label="Save as a table (CSV)"]').click();
    await page.waitForFunction(() => window.fake.saved.length > 0);
    const [saved] = await page.evaluate(() => window.fake.saved);
    assert.match(Buffer.from(saved?.bytes ?? []).toString(), /\r\n"'=cmd\|calc!A1, ""x""",loss\/train,1,/);
  });
});

test('text is readable in every theme', async () => {
  const pages: Opened[] = [
    ...tabs.map((tab) => ({ page: 'panel' as const, scenario: 'live' as const, memory: { tab } })),
    { page: 'training', scenario: 'live', width: 240 },
  ];
  for (const opened of pages) {
    await withPage(opened, async (page) => {
      for (const theme of themeNames) {
        await changeTheme(page, theme);
        assert.deepEqual(await lowContrast(page, 4.5), [], `${theme}, ${JSON.stringify(opened)}`);
      }
    });
  }
});

/** As VS Code does it: variables of the document, class of the body. */
async function changeTheme(page: Page, name: ThemeName): Promise<void> {
  await page.evaluate((theme) => {
    for (const [key, value] of Object.entries(theme.variables)) {
      document.documentElement.style.setProperty(`--vscode-${key}`, value);
    }
    document.body.className = theme.classes;
  }, themes[name]);
  await settle(page);
}

test('a change of theme draws the canvases anew', async () => {
  await withPage({ page: 'panel', scenario: 'live', memory: { tab: 'loss' } }, async (page) => {
    const canvas = page.locator('.plot canvas').first();
    const picture = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const dark = await picture();
    await changeTheme(page, 'hc-light');
    assert.notEqual(await picture(), dark);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, 'rgb(255, 255, 255)');
  });
});

test('whatever takes the focus has a name', async () => {
  for (const tab of tabs) {
    await withPage({ page: 'panel', scenario: 'live', memory: { tab } }, async (page) => {
      assert.deepEqual(await nameless(page), [], tab);
    });
  }
  await withPage({ page: 'training', scenario: 'live' }, async (page) => {
    assert.deepEqual(await nameless(page), []);
  });
});

test('Tab reaches the tabs, the controls, the charts and their buttons', async () => {
  await withPage({ page: 'panel', scenario: 'live', memory: { tab: 'gradients' } }, async (page) => {
    const reached = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() => {
          const element = document.activeElement;
          return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
        }),
      );
    }
    for (const name of [
      'Pause',
      'Compare',
      'Gradients',
      'Gradient norm',
      'Show as a table',
      'Gradient',
      'Heatmap',
    ]) {
      assert.ok(reached.has(name), `${name} is not among ${[...reached].join(', ')}`);
    }
    for (const name of ['Filter parameters', 'Sort by', 'Parameters over training steps']) {
      assert.ok(reached.has(name), `${name} is not among ${[...reached].join(', ')}`);
    }
  });
});

test('arrow keys change tabs and choices', async () => {
  await withPage({ page: 'panel', scenario: 'finished', memory: { tab: 'loss' } }, async (page) => {
    await page.getByRole('radio', { name: 'Step' }).focus();
    await page.keyboard.press('ArrowRight');
    await settle(page);
    assert.equal(await page.getByRole('radio', { name: 'Time' }).getAttribute('aria-checked'), 'true');
    assert.match(await page.locator('.x-label').first().innerText(), /time since the start/);
    await page.getByRole('tab', { name: 'Loss' }).focus();
    await page.keyboard.press('ArrowRight');
    await settle(page);
    assert.equal(await page.getByRole('tab', { name: 'Gradients' }).getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('.parameter-list').isVisible(), true);
  });
});

test('a screen reader is told what the cursor stands on', async () => {
  await withPage({ page: 'panel', scenario: 'live', memory: { tab: 'loss' } }, async (page) => {
    await page.locator('.plot').first().focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() => (document.querySelector('[role=status]')?.textContent ?? '') !== '');
    assert.match(
      await page.locator('[role=status]').innerText(),
      /step 1 · 0:03, train 5\.19\d+, train, smoothed 5\.19\d+/,
    );
  });
});

test('of many things that happened at one place those at the step itself are told', async () => {
  await withPage({ page: 'panel', scenario: 'stepped', memory: { tab: 'loss' } }, async (page) => {
    await page.locator('.plot').first().focus();
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await page.waitForFunction(() =>
      (document.querySelector('[role=status]')?.textContent ?? '').startsWith('step 1,428'),
    );
    assert.match(
      await page.locator('[role=status]').innerText(),
      /paused: after step 1428, learning rate: times 0\.5, resumed: for one step$/,
    );
  });
});

test('at 240 pixels nothing is cut off sideways', async () => {
  for (const tab of tabs) {
    await withPage({ page: 'panel', scenario: 'live', memory: { tab }, width: 240 }, async (page) => {
      const overflow = await page.evaluate(() => {
        const pages = [...document.querySelectorAll('.page')].filter((element) => element.checkVisibility());
        return Math.max(
          document.documentElement.scrollWidth - innerWidth,
          ...pages.map((one) => one.scrollWidth - one.clientWidth),
        );
      });
      assert.ok(overflow <= 0, `${tab}: ${overflow} px`);
    });
  }
});

test('with reduced motion nothing moves', async () => {
  await withPage({ page: 'panel', scenario: 'starting' }, async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const moving = await page.evaluate(
      () => document.getAnimations().filter((one) => one.playState === 'running').length,
    );
    assert.equal(moving, 0);
    assert.deepEqual(await callsOf(page, 'act'), []);
  });
});
