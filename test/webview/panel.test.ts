// The run panel: what it shows of a run, live and finished, and in each of its states.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './harness/browser.ts';
import { callsOf, grow, pixel, press, pulledTags } from './harness/look.ts';
import { inSight, isFloat, legend, named, values, withPanel } from './harness/panel-page.ts';
import type { ScenarioName } from './harness/scenarios.ts';

test('every state says what it is', async () => {
  const cases: [ScenarioName, string, RegExp][] = [
    ['empty', 'loss', /No run is shown[^]*Run\s[^]*Open the example/],
    ['untrusted', 'loss', /only in a workspace that you trust/],
    ['starting', 'loss', /Starting Python[^]*first loss appears/],
    ['waiting', 'gradients', /Gradient norms appear with the first step/],
    ['waiting', 'through-time', /appears with the first step/],
    ['paused', 'loss', /Paused[^]*Resume/],
    ['finished', 'loss', /Finished · Saved\. 1,430 steps/],
    ['failed', 'loss', /mat1 and mat2 shapes cannot be multiplied[^]*train, smoothed/],
    ['failed-early', 'gradients', /Failed[^]*mat1 and mat2[^]*Run again[^]*Show log/],
    ['unreadable', 'through-time', /written by a newer version/],
    ['plain', 'through-time', /no recurrent layers[^]*nn\.RNN/],
  ];
  for (const [scenario, tab, words] of cases) {
    await withPanel(scenario, { tab }, async (page) => {
      assert.match(await page.locator('main').innerText(), words, `${scenario}, ${tab}`);
    });
  }
});

test('the curve drawn goes through the points that are stored', async () => {
  await withPanel('live', { tab: 'loss', smoothing: 0 }, async (page) => {
    const stored = await values(page, 'loss/train');
    const plot = inSight(page, '.plot').first();
    await plot.focus();
    await press(page, 'Home');
    for (let step = 0; step < 60; step++) {
      const text = await legend(page);
      const [, at, said] = /step ([\d,]+) [^]*train\s+([\d.]+)/.exec(text) ?? [];
      assert.equal(at, String(step + 1));
      assert.ok(isFloat(said ?? '', stored[step] as number), `step ${step + 1}: ${said} is ${stored[step]}`);
      // Under the dot on the line lies the line's own colour.
      const dot = await page
        .locator('.cursor-dot')
        .first()
        .evaluate((element) => {
          const matrix = new DOMMatrix(getComputedStyle(element).transform);
          return [matrix.e, matrix.f] as const;
        });
      const isLine = ([red = 0, , blue = 0]: number[]) => blue > 150 && red < 140;
      const around = await Promise.all(
        [-1, 0, 1].map((by) => pixel(plot.locator('canvas'), dot[0] + by, dot[1])),
      );
      assert.ok(around.some(isLine), `step ${step + 1}: no line at ${dot.join()}`);
      await page.keyboard.press('ArrowRight');
    }
  });
});

test('what is exported is every point, bit for bit, with texts that start no formula', async () => {
  await withPanel('finished', { tab: 'loss' }, async (page) => {
    const stored = await values(page, 'loss/train');
    await named(page, 'Save as a table (CSV)').click();
    await named(page, 'Save as a picture (PNG)').click();
    await page.waitForFunction(() => window.fake.saved.length === 2);
    const [csv, png] = await page.evaluate(() => window.fake.saved);
    assert.ok(csv && png);
    const lines = Buffer.from(csv.bytes).toString().trimEnd().split('\r\n');
    assert.equal(lines[0], 'run,series,step,time,value');
    const train = lines.map((line) => line.split(',')).filter(([, series]) => series === 'loss/train');
    assert.deepEqual(
      train.map((row) => Math.fround(Number(row[4]))),
      stored,
    );
    assert.deepEqual(
      train.map((row) => Number(row[2])),
      stored.map((_, i) => i + 1),
    );
    assert.deepEqual(png.bytes.slice(0, 4), [0x89, 0x50, 0x4e, 0x47]);
    assert.ok(png.bytes.length > 5000);
  });
});

test('the table says what the chart shows', async () => {
  await withPanel('finished', { tab: 'loss', smoothing: 0 }, async (page) => {
    const stored = await values(page, 'loss/train');
    await named(page, 'Show as a table').first().click();
    await settle(page);
    const rows = inSight(page, '.table tbody tr');
    assert.equal(await rows.count(), 50);
    const cells = await rows.nth(6).locator('th, td').allInnerTexts();
    assert.match(cells[0] ?? '', /^step 7 /);
    assert.ok(isFloat(cells[1] ?? '', stored[6] as number));
    await named(page, 'Last rows').click();
    await settle(page);
    assert.match(await inSight(page, '.pager').innerText(), /1,401–1,430 of 1,430/);
  });
});

test('zoom by keys, drag and wheel down to single steps, and back', async () => {
  await withPanel('finished', { tab: 'loss' }, async (page) => {
    const plot = inSight(page, '.plot').first();
    const rows = async () => {
      const text = await inSight(page, '.pager').innerText();
      return Number((/of ([\d,]+)/.exec(text)?.[1] ?? '').replace(',', ''));
    };
    await named(page, 'Show as a table').first().click();
    await settle(page);
    const box = await plot.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await settle(page);
    const dragged = await rows();
    assert.ok(dragged > 250 && dragged < 350, `${dragged} of 1,430 points after dragging out a fifth`);
    await plot.focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('+');
    await settle(page);
    assert.ok((await inSight(page, '.table tbody tr').count()) <= 6);
    await press(page, '0');
    assert.equal(await rows(), 1430);
    await page.mouse.wheel(0, -300);
    await settle(page);
    assert.ok((await rows()) < 1430);
    await named(page, 'Show the whole range').click();
    await settle(page);
    assert.equal(await rows(), 1430);
  });
});

test('a hover asks nothing of the host', async () => {
  for (const [tab, place] of [
    ['loss', '.plot'],
    ['gradients', '.parameter canvas'],
    ['through-time', '.time-heatmap'],
  ] as const) {
    await withPanel('live', { tab }, async (page) => {
      const box = await inSight(page, place).first().boundingBox();
      assert.ok(box);
      const calls = () => page.evaluate(() => window.fake.calls.length);
      const asked = await calls();
      for (let i = 1; i < 20; i++) {
        await page.mouse.move(box.x + (box.width * i) / 20, box.y + box.height * 0.4);
      }
      await settle(page);
      assert.equal(await calls(), asked, tab);
    });
  }
});

test('only what is in sight is pulled, ten times a second at most, and a page is complete on its return', async () => {
  await withPanel('live', { tab: 'loss' }, async (page) => {
    assert.deepEqual([...new Set(await pulledTags(page))].sort(), ['epoch', 'loss/eval', 'loss/train']);
    const before = (await callsOf(page, 'points')).length;
    const spent = await page.evaluate(async () => {
      const start = performance.now();
      for (let i = 0; i < 60; i++) {
        window.fake.grow(1);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return performance.now() - start;
    });
    await settle(page);
    const pulls = (await callsOf(page, 'points')).length - before;
    assert.ok(pulls >= 3 && pulls <= spent / 100 + 2, `${pulls} pulls in ${spent} ms`);
    assert.match(await legend(page), /step 760/);

    const seen = (await callsOf(page, 'points')).length;
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    });
    await grow(page, 40);
    assert.equal((await callsOf(page, 'points')).length, seen, 'a hidden page costs nothing');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await settle(page);
    assert.match(await legend(page), /step 800/);
  });
});

test('clipping is told with its numbers', async () => {
  await withPanel('live', { tab: 'gradients' }, async (page) => {
    const [total, clipped] = [await values(page, 'grad/total'), await values(page, 'grad/total_clipped')];
    const acted = total.filter((norm, i) => norm > (clipped[i] as number)).length;
    assert.match(
      await inSight(page, '.figure-foot').innerText(),
      new RegExp(`acted in ${acted} of 700 steps`),
    );
  });
  await withPanel('plain', { tab: 'gradients' }, async (page) => {
    assert.match(await inSight(page, '.figure-foot').innerText(), /not clipped/);
  });
});

test('of ten thousand parameters only those in sight exist and are pulled', async () => {
  await withPanel('many', { tab: 'gradients' }, async (page) => {
    assert.match(await page.locator('.parameter-section header').innerText(), /10,000 parameters/);
    assert.ok((await page.locator('.parameter').count()) < 40);
    const pulled = new Set(await pulledTags(page));
    assert.ok(pulled.size < 40, `${pulled.size} series`);
    await page.locator('.parameter-list .list').focus();
    await press(page, 'End');
    assert.match(await page.locator('.parameter-list .list').innerText(), /blocks\.2499\.linear\.weight_3/);
    assert.ok((await pulledTags(page)).includes('grad/blocks.2499.linear.weight_3'));
    await inSight(page, 'vscode-text-field').evaluate((field) => {
      (field as HTMLInputElement).value = 'dead';
      field.dispatchEvent(new Event('input'));
    });
    await settle(page);
    assert.match(await page.locator('.parameter-section header').innerText(), /104 of 10,000 parameters/);
    assert.match(
      (await page.locator('.parameter .alarm').first().getAttribute('title')) ?? '',
      /does not learn/,
    );
  });
});

test('parameters are sorted by what they last were, alarms first where asked', async () => {
  await withPanel('live', { tab: 'gradients', sort: 'largest' }, async (page) => {
    const shown = (await page.locator('.parameter-last').allInnerTexts()).map(Number);
    assert.deepEqual(
      shown,
      [...shown].sort((a, b) => b - a),
    );
  });
  await withPanel('many', { tab: 'gradients', sort: 'alarms' }, async (page) => {
    assert.match(await page.locator('.parameter').first().innerText(), /dead/);
  });
});

test('a million points open whole: a single step that stands out is drawn', async () => {
  await withPanel('million', { tab: 'loss', smoothing: 0 }, async (page) => {
    await settle(page);
    const canvas = inSight(page, '.plot canvas').first();
    const found = await canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const data = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
      const isLine = (x: number, y: number) => {
        const at = (y * width + x) * 4;
        return (
          data !== undefined &&
          (data[at + 2] ?? 0) > 200 &&
          (data[at] ?? 0) < 120 &&
          (data[at + 3] ?? 0) > 200
        );
      };
      const tops = Array.from({ length: width }, (_, x) => {
        for (let y = 0; y < height; y++) if (isLine(x, y)) return y;
        return height;
      });
      return {
        x: tops.indexOf(Math.min(...tops.slice(width / 2))) / (width / element.clientWidth),
        top: Math.min(...tops),
      };
    });
    // The step under the highest point of the right half.
    const box = await canvas.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + found.x, box.y + box.height / 2);
    const text = await legend(page);
    const step = Number((/step ([\d,]+)/.exec(text)?.[1] ?? '').replaceAll(',', ''));
    assert.ok(Math.abs(step - 654_321) < 3000, text);
  });
});

test('runs are laid over each other, and shown as chosen', async () => {
  await withPanel('compare', { tab: 'loss' }, async (page) => {
    assert.equal(await page.locator('.legend-row').count(), 3);
    await page.getByText('Compare').click();
    await page.getByLabel('Lay 1122-lr-0.1 over the others').uncheck();
    await settle(page);
    assert.equal(await page.locator('.legend-row').count(), 2);
    await page.locator('.run-pick', { hasText: '1140-lr-0.01' }).click();
    await settle(page);
    const chosen = (await callsOf(page, 'showRuns')).at(-1) as { runs: string[] };
    assert.deepEqual(
      chosen.runs.map((run) => run.split('/').at(-1)),
      ['1140-lr-0.01', '1203-lr-0.001'],
    );
    assert.match(await page.locator('.run-name').innerText(), /1140-lr-0\.01/);
    await press(page, 'Escape');
    assert.equal(await page.locator('.popover').isVisible(), false);
  });
});

test('the buttons act, and a refusal is said where it was asked', async () => {
  await withPanel('live', { tab: 'loss' }, async (page) => {
    await page.getByText('Pause', { exact: true }).click();
    const [run] = await page.evaluate(() => window.fake.scenario.state.runs);
    assert.deepEqual(await callsOf(page, 'act'), [{ action: 'pause', run: run?.id }]);
    await page.evaluate(() => {
      window.fake.change({ state: 'paused' });
      window.fake.refuse = { method: 'act', why: 'The engine does not answer.' };
    });
    await settle(page);
    await page.getByText('Step', { exact: true }).first().click();
    await settle(page);
    assert.equal(await page.locator('.banner').innerText(), 'The engine does not answer.');
  });
});

test('axes, scale and tab are remembered', async () => {
  await withPanel('finished', { tab: 'gradients' }, async (page) => {
    await page.getByRole('tab', { name: 'Loss' }).click();
    await page.getByRole('radio', { name: 'Epoch' }).click();
    await page.getByRole('radio', { name: 'Log' }).click();
    await settle(page);
    const state = (await page.evaluate(() => window.pageState)) as Record<string, unknown>;
    assert.deepEqual([state.tab, state.xAxis, state.isLossLog], ['loss', 'epoch', true]);
    assert.match(await legend(page), /epoch 2\.979/);
  });
});

test('the host can bring a tab to the front', async () => {
  await withPanel('live', { tab: 'loss' }, async (page) => {
    await page.evaluate(() => {
      window.fake.tell('show', { tab: 'through-time' });
    });
    await settle(page);
    assert.equal(await page.locator('.layer').count(), 2);
  });
});
