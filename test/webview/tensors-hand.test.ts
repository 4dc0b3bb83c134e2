// What a hand and keys do in the tensors' page, and what a person takes away from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './harness/browser.ts';
import { grow, press } from './harness/look.ts';
import {
  body,
  readout,
  map,
  named,
  element,
  number,
  questions,
  weight,
  withTensor,
} from './harness/tensors-page.ts';

test('a cell under the keys is the element that is stored, with its gate', async () => {
  await withTensor('live', weight, async (page) => {
    await map(page).focus();
    await press(page, 'ArrowRight', ...Array<string>(6).fill('PageDown'), 'ArrowDown', 'ArrowRight');
    const [, place, column, value] = /row (\w \d+), column (\d+): (\S+)/.exec(await readout(page)) ?? [];
    assert.deepEqual([place, column], ['f 13', '1']);
    assert.equal(Math.fround(number(value)), await element(page, 'lstm.weight_hh_l0', 61 * 48 + 1, 700));
  });
});

test('zooming goes down to cells with their values, and back to everything', async () => {
  await withTensor('live', weight, async (page) => {
    await map(page).focus();
    await press(page, 'ArrowRight', ...Array<string>(8).fill('+'));
    const last = (await questions(page)).at(-1)?.question['part'] as { rows: number[]; columns: number[] };
    assert.deepEqual(
      [last.rows, last.columns],
      [
        [0, 1],
        [0, 1],
      ],
    );
    await page.locator('.heat-section .tools vscode-button[aria-label="Show as a table"]').click();
    await settle(page);
    const shown = number(await page.locator('.heat-section td').first().innerText());
    assert.equal(Math.fround(shown), await element(page, 'lstm.weight_hh_l0', 0, 700));
    await press(page, '0');
    await named(page, 'Show everything').click();
    await settle(page);
    assert.match(await page.locator('.heat-section .pager').innerText(), /of 9,216/);
  });
});

test('a drag zooms in on what it was drawn around, a click picks a row and a column', async () => {
  await withTensor('live', weight, async (page) => {
    const box = await map(page).boundingBox();
    assert.ok(box);
    const at = (x: number, y: number) =>
      [box.x + 48 + (box.width - 60) * x, box.y + 8 + (box.height - 30) * y] as const;
    await page.mouse.click(...at(10.5 / 48, 100.5 / 192));
    await settle(page);
    assert.match(
      await page.locator('.picks').innerText(),
      /Row g 4 along state[^]*Column 10 along gate and unit/,
    );
    const parts = (await questions(page)).map(
      ({ question }) => question['part'] as { at: number[]; rowAxis: null },
    );
    assert.deepEqual(parts.at(-2)?.at, [100, 0]);
    assert.deepEqual(parts.at(-1)?.at, [0, 10]);
    await page.mouse.move(...at(0.25, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.49, 0.74), { steps: 4 });
    await page.mouse.up();
    await settle(page);
    const { rows, columns } = (await questions(page)).at(-1)?.question['part'] as {
      rows: number[];
      columns: number[];
    };
    assert.deepEqual(
      [rows, columns],
      [
        [96, 143],
        [12, 24],
      ],
    );
    await map(page).focus();
    await press(page, 'Escape');
    assert.equal(await page.locator('.picks').isVisible(), false);
  });
});

test('axes are chosen and sliced by keys', async () => {
  await withTensor('odd', { tensor: 'conv.weight' }, async (page) => {
    assert.match(await page.locator('.axis-controls').innerText(), /height\s*0 of 3[^]*width\s*0 of 3/);
    await page.locator('.axis-sliders input').nth(1).focus();
    await press(page, 'ArrowRight', 'ArrowRight');
    assert.match(await page.locator('.axis-controls').innerText(), /width\s*2 of 3/);
    const part = (await questions(page)).at(-1)?.question['part'] as { at: number[]; rowAxis: number };
    assert.deepEqual([part.rowAxis, part.at], [0, [0, 0, 0, 2]]);
    await map(page).focus();
    await press(page, 'ArrowRight', 'ArrowDown', 'ArrowRight');
    const [, value] = /row 1, column 1: (\S+)/.exec(await readout(page)) ?? [];
    const stored = await element(page, 'conv.weight', ((1 * 8 + 1) * 3 + 0) * 3 + 2, 400);
    assert.equal(Math.fround(number(value)), stored);
    await named(page, 'Swap rows and columns').click();
    await settle(page);
    assert.match(
      await page.locator('.heat-section').innerText(),
      /input channel \(8\)[^]*output channel \(16\)/,
    );
  });
});

test('the ridge grows with the run', async () => {
  await withTensor('live', weight, async (page) => {
    await page.locator('.ridge').focus();
    await grow(page, 10);
    await page.waitForFunction(() =>
      document.querySelector('.tensor-title')?.textContent.includes('step 710'),
    );
    await press(page, 'ArrowUp', 'ArrowUp');
    assert.match(await page.locator('.tensor-figure .readout').nth(1).innerText(), /step 700: mean/);
    await press(page, 'ArrowDown');
    assert.match(await page.locator('.tensor-figure .readout').nth(1).innerText(), /step 710: mean/);
  });
});

test('the ridge has the steps that the log holds', async () => {
  await withTensor('logged', weight, async (page) => {
    await page.locator('.ridge').focus();
    const read = () => page.locator('.tensor-figure .readout').nth(1).innerText();
    await press(page, 'ArrowUp', 'ArrowUp');
    assert.match(await read(), /step 681: mean/);
    await press(page, 'ArrowUp');
    assert.match(await read(), /step 641: mean/);
    const elements = await page.evaluate(() => {
      const [tensors] = window.fake.scenario.tensors?.values() ?? [];
      const made = tensors?.made.find(({ name }) => name === 'lstm.weight_hh_l0');
      const size = made?.shape.reduce((a, b) => a * b, 1) ?? 0;
      return Array.from({ length: size }, (_, i) => made?.element(i, 641) ?? NaN);
    });
    const [, low, high] = /from (\S+) to (\S+)/.exec(await read()) ?? [];
    const near = (text: string | undefined, value: number) => {
      assert.ok(Math.abs(number(text) - value) <= 1e-3 * Math.abs(value), `${text} is not ${value}`);
    };
    near(low, Math.min(...elements));
    near(high, Math.max(...elements));
  });
});

test('the difference to a kept step is that of the elements', async () => {
  await withTensor('live', weight, async (page) => {
    await page.getByText('Keep this step').click();
    await settle(page);
    assert.match(await body(page), /Step 700 and step 700 are the same/);
    await grow(page, 200);
    await page.waitForFunction(() =>
      document.querySelector('.tensor-view')?.textContent.includes('Step 900 less step 700'),
    );
    await map(page).focus();
    await press(page, 'ArrowRight');
    const [, value] = /row i 0, column 0: (\S+)/.exec(await readout(page)) ?? [];
    const [now, then] = [
      await element(page, 'lstm.weight_hh_l0', 0, 900),
      await element(page, 'lstm.weight_hh_l0', 0, 700),
    ];
    assert.equal(Math.fround(number(value)), Math.fround(now - then));
    // Zoomed in, the kept cells are those of the same place.
    await press(page, '+', '+');
    assert.match(await body(page), /Step 900 less step 700/);
    await press(page, 'ArrowRight');
    assert.match(await readout(page), /column 1: −?0?\.?\d/);
  });
});

test('the difference to another run', async () => {
  await withTensor('compare', weight, async (page) => {
    const [, second] = await page.evaluate(() => window.fake.scenario.state.runs.map(({ id }) => id));
    await page
      .locator('.tensor-view vscode-dropdown')
      .last()
      .evaluate((dropdown, value) => {
        (dropdown as HTMLInputElement).value = value;
        dropdown.dispatchEvent(new Event('change'));
      }, second);
    await settle(page);
    assert.match(await body(page), /Step 700 less step 900 of 1140-lr-0\.01/);
    assert.ok((await questions(page)).some(({ run }) => run === second));
  });
});

test('what is in sight is copied, the tensor is saved', async () => {
  await withTensor('odd', { tensor: 'odd.counts' }, async (page) => {
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: (copied: string) => {
            document.title = copied;
            return Promise.resolve();
          },
        },
      });
    });
    await named(page, 'Copy what is in sight as a Python literal').click();
    await settle(page);
    assert.match(await body(page), /12 elements copied/);
    assert.equal(
      await page.title(),
      'torch.tensor([-30, -29, -26, -21, -14, -5, 6, 19, 34, 51, 70, 91], dtype=torch.int64)',
    );
    await named(page, 'Save the tensor as a NumPy file (.npy)').click();
    await page.waitForFunction(() => window.fake.saved.length > 0);
    const [saved] = await page.evaluate(() => window.fake.saved);
    assert.equal(saved?.name, 'odd.counts step 400.npy');
    const bytes = Uint8Array.from(saved.bytes);
    assert.match(Buffer.from(bytes.slice(10, 80)).toString(), /'<i8'.*\(12,\)/);
    assert.deepEqual([...new BigInt64Array(bytes.slice(-96).buffer)].slice(0, 2), [-30n, -29n]);
  });
});
