// The training view in a browser, as narrow as a sidebar gets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { settle } from './harness/browser.ts';
import { callsOf, grow } from './harness/look.ts';
import type { ScenarioName } from './harness/scenarios.ts';
import { withPage } from './harness/with-page.ts';

function withView(scenario: ScenarioName, use: (page: Page) => Promise<void>): Promise<void> {
  return withPage({ page: 'training', scenario, width: 240 }, async (page) => {
    await use(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${scenario} is ${overflow} px wider than its view`);
  });
}

const words = (page: Page) => page.locator('main').innerText();

test('every state says what it is, within 240 pixels', async () => {
  const cases: [ScenarioName, RegExp][] = [
    ['no-script', /No script chosen[^]*Open the example[^]*Choose script/],
    ['empty', /char-lm\/main\.py[^]*Run/],
    ['untrusted', /Restricted mode/],
    ['starting', /Starting Python/],
    ['live', /Running[^]*Pause[^]*220 \/ 480 · 46 % · 9\.9 s left[^]*1\.395/],
    ['paused', /Paused[^]*Resume/],
    ['watched', /another window/],
    ['finished', /Saved\. 1,430 steps, 3 MB\.[^]*Run again/],
    ['failed', /mat1 and mat2/],
    ['unreadable', /newer version/],
    ['exploding', /grows 1,240-fold/],
  ];
  for (const [scenario, expected] of cases) {
    await withView(scenario, async (page) => {
      assert.match(await words(page), expected, scenario);
    });
  }
});

test('who may only watch gets no buttons', async () => {
  await withView('watched', async (page) => {
    assert.equal(await page.getByText('Pause', { exact: true }).isVisible(), false);
    assert.equal(await page.getByText('Stop', { exact: true }).isVisible(), false);
  });
});

test('the form is handed on as it is changed; a number that is none is taken back', async () => {
  await withView('empty', async (page) => {
    const set = async (label: string, value: string) => {
      await page.locator(`vscode-text-field[aria-label="${label}"] input`).fill(value);
      await page.keyboard.press('Tab');
      await settle(page);
    };
    await set('Arguments', '--lr 0.1');
    await set('Threads', '2');
    await set('Threads', 'many');
    assert.deepEqual(await callsOf(page, 'setForm'), [{ arguments: '--lr 0.1' }, { threads: 2 }]);
    await page.getByText('Run', { exact: true }).click();
    assert.deepEqual(await callsOf(page, 'act'), [{ action: 'run', run: null }]);
  });
});

test('what is being typed is not overwritten', async () => {
  await withView('live', async (page) => {
    const field = page.locator('vscode-text-field[aria-label="Arguments"] input');
    await field.click();
    await field.fill('--half');
    await grow(page, 5);
    assert.equal(await field.inputValue(), '--half');
  });
});

test('the numbers follow the run', async () => {
  await withView('live', async (page) => {
    await grow(page, 34);
    assert.match(await words(page), /step\s+734/);
    const loss = (await page.evaluate(() => window.fake.values('loss/train'))).at(-1) as number;
    assert.match(await words(page), new RegExp(loss.toPrecision(4).replace('.', '\\.')));
  });
});

test('the learning rate is halved and doubled, and cannot be where there is none', async () => {
  await withView('live', async (page) => {
    await page.locator('vscode-button[aria-label="Halve the learning rate"]').click();
    const [asked] = (await callsOf(page, 'setLearningRateScale')) as [{ scale: number }];
    assert.equal(asked.scale, 0.5);
    await page.evaluate(() => {
      window.fake.change({ learningRateScale: 0.5 });
    });
    await settle(page);
    assert.match(await words(page), /× 0\.5/);
    await page.evaluate(() => {
      window.fake.change({ learningRateScale: null });
    });
    await settle(page);
    assert.match((await page.locator('.rate-row').getAttribute('title')) ?? '', /no learning rate/);
    assert.equal(
      await page.locator('vscode-button[aria-label="Halve the learning rate"]').getAttribute('disabled'),
      '',
    );
  });
});

test('a refusal is said where it was asked', async () => {
  await withView('empty', async (page) => {
    await page.evaluate(() => {
      window.fake.refuse = { method: 'act', why: 'main.py trains nothing.' };
    });
    await page.getByText('Run', { exact: true }).click();
    await settle(page);
    assert.equal(await page.locator('.problem').innerText(), 'main.py trains nothing.');
  });
});
