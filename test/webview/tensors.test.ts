// The tensors' page in a browser: what it shows of each kind of tensor, in each of its states.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './harness/browser.ts';
import { grow, lowContrast, pixel, press } from './harness/look.ts';
import type { ScenarioName } from './harness/scenarios.ts';
import { body, readout, map, questions, weight, withTensor } from './harness/tensors-page.ts';
import { themes } from './harness/themes.ts';

test('every state says what it is', async () => {
  const cases: [ScenarioName, object, RegExp][] = [
    ['empty', {}, /No run is shown/],
    ['starting', {}, /Starting Python[^]*from the first step on/],
    ['failed-early', {}, /mat1 and mat2[^]*Run again/],
    ['unreadable', {}, /written by a newer version/],
    ['live', { ...weight, tensorKind: 'update' }, /Reading[^]*Comes with the next step/],
    ['paused', { ...weight, tensorKind: 'update' }, /paused[^]*as the next step passes[^]*Step/],
    ['finished', { ...weight, tensorKind: 'update' }, /This run is over/],
    ['finished', weight, /as saved at step 1,430/],
    ['gone', weight, /left no snapshot/],
    ['live', { tensor: 'no.such' }, /Choose a tensor/],
    ['live', { tensor: 'train:loss', tensorKind: 'variable' }, /The variable is gone/],
    ['odd', { tensor: 'odd.empty' }, /no elements[^]*\[0, 5\] float32/],
  ];
  for (const [scenario, memory, words] of cases) {
    await withTensor(scenario, memory, async (page) => {
      assert.match(await page.locator('main').innerText(), words, `${scenario}, ${JSON.stringify(memory)}`);
    });
  }
});

test('colours are what the values are: blue below zero, red above, stripes where not finite', async () => {
  await withTensor('odd', { tensor: 'odd.some_bad' }, async (page) => {
    const canvas = map(page).locator('canvas');
    const box = await map(page).boundingBox();
    assert.ok(box);
    const cell = (row: number, column: number) =>
      pixel(canvas, 48 + ((box.width - 60) * (column + 0.1)) / 9, 8 + ((box.height - 30) * (row + 0.15)) / 6);
    const [red = 0, , blue = 0] = await cell(0, 0);
    assert.ok(blue > red + 40, 'the first element is −2');
    const [hot = 0, , cold = 0] = await cell(5, 8);
    assert.ok(hot > cold + 20, 'the last element is 3.3');
    const theme = await page.evaluate(() =>
      getComputedStyle(document.body).getPropertyValue('--unroll-non-finite'),
    );
    assert.equal(theme.trim(), '#d33ad3');
    const around = await Promise.all(
      [0, 0.02, 0.04, 0.06, 0.08].map((by) =>
        pixel(canvas, 48 + ((box.width - 60) * (3.05 + by)) / 9, 8 + (box.height - 30) * 0.02),
      ),
    );
    assert.ok(
      around.some(([r, g, b]) => r === 0xd3 && g === 0x3a && b === 0xd3),
      JSON.stringify(around),
    );
    assert.match(await body(page), /NaN\s+8 \(15 %\)\s*infinite\s+1 \(1\.9 %\)/);
  });
});

test('a lone outlier is cut off the scale, and that is said', async () => {
  await withTensor('odd', { tensor: 'odd.outlier' }, async (page) => {
    assert.match(await page.locator('.signed-scale').innerText(), /cut at ±0\.0\d+; the largest is ±50/);
    await page.getByRole('radio', { name: 'Largest' }).click();
    await settle(page);
    assert.doesNotMatch(await page.locator('.signed-scale').innerText(), /cut/);
    assert.match((await page.locator('.signed-scale').getAttribute('aria-label')) ?? '', /−50 – 0 – 50/);
  });
});

test('a large tensor is asked for in tiles, and its cells only where they are in sight', async () => {
  await withTensor('odd', { tensor: 'words.weight' }, async (page) => {
    assert.match(
      await body(page),
      /\[30,000, 650\] float32[^]*A tile is the mean of up to \d+ × \d+ elements/,
    );
    for (const { question } of await questions(page)) {
      const picture = question['picture'] as { rows: number; columns: number } | null;
      assert.equal(question['cells'], false);
      assert.ok((picture?.rows ?? 0) * (picture?.columns ?? 0) <= 32_768);
    }
    await map(page).focus();
    await press(page, 'ArrowRight', ...Array<string>(9).fill('+'));
    const last = (await questions(page)).at(-1)?.question;
    assert.equal(last?.['cells'], true);
    assert.match(await readout(page), /row 0, column 0: −?0\.\d+/);
  });
});

test('the histogram and the statistics are those of the tensor, as tables too', async () => {
  await withTensor('odd', { tensor: 'odd.counts' }, async (page) => {
    assert.match(await body(page), /elements\s+12[^]*least\s+−30[^]*greatest\s+91/);
    await page.locator('.bars').focus();
    await press(page, 'Home');
    assert.match(
      await page.locator('.tensor-figure .readout').first().innerText(),
      /−30 to −28\.49: 2 elements \(17 %\)/,
    );
    await page.locator('.tensor-figure .tools vscode-button').first().click();
    await settle(page);
    const cells = await page.locator('.tensor-figure tbody tr').first().locator('th, td').allInnerTexts();
    assert.deepEqual(cells, ['−30', '−28.49', '2']);
  });
  await withTensor('odd', { tensor: 'odd.all_nan' }, async (page) => {
    assert.match(await body(page), /There is no finite element[^]*mean\s+–[^]*NaN\s+54 \(100 %\)/);
  });
  await withTensor('odd', { tensor: 'odd.scalar' }, async (page) => {
    assert.match(
      await body(page),
      /\[\] float32[^]*3\.142 to 3\.142: 1 elements|\[\] float32[^]*mean\s+3\.142/,
    );
  });
});

test('an output comes with the next step; a change of kind or tensor lets go of the old one', async () => {
  await withTensor('live', { tensor: 'lstm', tensorKind: 'activation' }, async (page) => {
    assert.match(await body(page), /Comes with the next step/);
    await grow(page, 1);
    await page.waitForFunction(() =>
      document.querySelector('.tensor-title')?.textContent.includes('[35, 4, 24]'),
    );
    await page.locator('.tensor-list .list').focus();
    await press(page, 'ArrowDown');
    assert.match(await body(page), /lstm\.weight_ih_l0\s*\[192, 32\] float32/);
    await page.getByRole('radio', { name: 'Gradient' }).click();
    await settle(page);
    const last = (await questions(page)).at(-1)?.question;
    assert.deepEqual([last?.['kind'], last?.['name']], ['gradient', 'lstm.weight_ih_l0']);
  });
});

test('the host may say what is to be shown', async () => {
  await withTensor('live', weight, async (page) => {
    await page.evaluate(() => {
      window.fake.tell('show', { tab: 'tensors', tensor: 'decoder.bias', kind: 'gradient' });
    });
    await settle(page);
    assert.equal(await page.locator('.tensor-name').innerText(), 'decoder.bias');
    assert.equal(await page.getByRole('radio', { name: 'Gradient' }).getAttribute('aria-checked'), 'true');
  });
});

test('of ten thousand tensors only those in sight exist; one is found by its name', async () => {
  await withTensor('many', { tensor: 'blocks.1234.linear.weight_2' }, async (page) => {
    assert.match(await page.locator('.tensor-name').innerText(), /blocks\.1234\.linear\.weight_2/);
    assert.ok((await page.locator('.choice').count()) < 100);
    assert.equal(await page.locator('.choice[aria-current]').count(), 1);
    await page.locator('.tensor-list vscode-text-field').evaluate((field) => {
      (field as HTMLInputElement).value = 'blocks.77.';
      field.dispatchEvent(new Event('input'));
    });
    await settle(page);
    assert.match(await page.locator('.tensor-list .list-head').innerText(), /5 of 12,605/);
  });
});

test('in another tab nothing is asked of tensors', async () => {
  await withTensor('live', weight, async (page) => {
    await page.getByRole('tab', { name: 'Loss' }).click();
    await settle(page);
    const asked = (await questions(page)).length;
    await grow(page, 20);
    assert.equal((await questions(page)).length, asked);
  });
});

test('why the model or a tensor cannot be read is said', async () => {
  await withTensor('live', { ...weight, tab: 'loss' }, async (page) => {
    const refuse = (method: string) =>
      page.evaluate((wanted) => {
        window.fake.refuse = { method: wanted, why: `the disk is gone (${wanted})` };
      }, method);
    await refuse('model');
    await page.getByRole('tab', { name: 'Tensors' }).click();
    await settle(page);
    assert.match(await body(page), /It could not be read[^]*the disk is gone \(model\)/);
    await refuse('inspect');
    await grow(page, 1);
    await page.waitForFunction(() =>
      document.querySelector('.tensors-page')?.textContent.includes('(inspect)'),
    );
    await grow(page, 1);
    await page.waitForFunction(() =>
      document.querySelector('.tensor-title')?.textContent.includes('step 702'),
    );
  });
});

test('a hidden page asks nothing, and is up to date on its return', async () => {
  await withTensor('live', { ...weight, tensorKind: 'update' }, async (page) => {
    const hide = (isHidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    await page.waitForTimeout(700); // what was under way
    const asked = (await questions(page)).length;
    await grow(page, 3);
    await page.waitForTimeout(700);
    assert.equal((await questions(page)).length, asked);
    await hide(false);
    await page.waitForFunction(() =>
      document.querySelector('.tensor-title')?.textContent.includes('step 703'),
    );
  });
});

test('a change of theme draws the pictures anew, readable in each', async () => {
  await withTensor('live', weight, async (page) => {
    const pictures = () =>
      page
        .locator('.tensors-page canvas')
        .evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
    let before = await pictures();
    assert.equal(before.length, 3);
    for (const name of ['light', 'hc-dark', 'hc-light'] as const) {
      await page.evaluate((theme) => {
        for (const [key, value] of Object.entries(theme.variables)) {
          document.documentElement.style.setProperty(`--vscode-${key}`, value);
        }
        document.body.className = theme.classes;
      }, themes[name]);
      await settle(page);
      const after = await pictures();
      for (const [i, picture] of after.entries()) assert.notEqual(picture, before[i], `${name}, canvas ${i}`);
      assert.deepEqual(await lowContrast(page, 4.5), [], name);
      before = after;
    }
  });
});
