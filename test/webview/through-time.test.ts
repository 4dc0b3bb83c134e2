// The run panel's tab of the gradient through time: verdicts, heatmap, profile, unrolled graph, their tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './harness/browser.ts';
import { grow, press } from './harness/look.ts';
import { isFloat, values, withPanel } from './harness/panel-page.ts';

test('the verdicts are told with numbers and rule', async () => {
  for (const [scenario, verdict, rule] of [
    ['vanishing', 'vanishing', /for 7 of 49 steps back, less than half/],
    ['exploding', 'exploding', /more than 100-fold[^]*of the last 100 windows/],
    ['live', 'healthy', /over 1 % of its largest for 3\d of 34 steps back/],
    ['t1', 'no verdict yet', /needs 10 windows/],
  ] as const) {
    await withPanel(scenario, { tab: 'through-time' }, async (page) => {
      const layer = page.locator('.layer').first();
      assert.equal(await layer.locator('.verdict').innerText(), verdict, scenario);
      assert.match(await layer.innerText(), rule, scenario);
    });
  }
});

test('the heatmap reads out the stored norm; a chosen step keeps its profile while the run goes on', async () => {
  await withPanel('live', { tab: 'through-time' }, async (page) => {
    const stored = await values(page, 'bptt/lstm/l0/h');
    await page.locator('.time-heatmap').first().focus();
    await press(page, 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'ArrowDown');
    const said = await page.locator('.layer .readout').first().innerText();
    const [, step, t, norm] = /step (\d+) · t = (\d+) · (\S+)/.exec(said) ?? [];
    assert.deepEqual([step, t], ['699', '32']);
    // All windows before it have 35 steps, but that of step 480.
    const at = 698 * 35 - (35 - 21) + 32;
    assert.ok(isFloat(norm ?? '', stored[at] as number), `${norm} is ${stored[at]}`);
    await press(page, 'Enter');
    await page.locator('.time-heatmap').first().blur();
    await grow(page, 30);
    assert.match(await page.locator('.profile').first().innerText(), /Profile at step 699/);
    await page.getByText('Latest step').click();
    await settle(page);
    assert.match(await page.locator('.profile').first().innerText(), /Profile at step 730/);
  });
});

test('the unrolled graph has a node a time step and layer, and opens groups', async () => {
  await withPanel('two', { tab: 'through-time' }, async (page) => {
    const [decoder, encoder] = [page.locator('.graph').nth(0), page.locator('.graph').nth(1)];
    assert.equal(await decoder.locator('.graph-node').count(), 2 * 5);
    assert.equal(await encoder.locator('.graph-node').count(), 2 * 5);
    await decoder.focus();
    await press(page, 'Home', 'ArrowUp');
    assert.match(
      await page.locator('.graph-section .readout').first().innerText(),
      /decoder, layer 1, t = 0 · ‖∂L\/∂h‖ = /,
    );
  });
  await withPanel('t512', { tab: 'through-time' }, async (page) => {
    const graph = page.locator('.graph').first();
    const nodes = await graph.locator('.graph-node').count();
    assert.ok(nodes < 100, `${nodes} nodes`);
    await graph.focus();
    await press(page, 'Home', 'Enter');
    assert.match(await page.locator('.graph-section').innerText(), /All time steps/);
    await press(page, 'ArrowRight');
    assert.match(await page.locator('.graph-section .readout').innerText(), /layer 0, t = \d+ ·/);
    await press(page, 'Escape');
    assert.equal(await graph.locator('.graph-node').count(), nodes);
  });
});

test('the through-time pictures can be read as tables', async () => {
  await withPanel('two', { tab: 'through-time' }, async (page) => {
    const stored = await values(page, 'bptt/decoder/l0/h');
    await page.locator('.layer').first().locator('.tools vscode-button').first().click();
    await settle(page);
    const cells = await page
      .locator('.layer .table')
      .first()
      .locator('tbody tr')
      .first()
      .locator('th, td')
      .allInnerTexts();
    assert.equal(cells[0], '1');
    assert.ok(isFloat(cells[2] ?? '', stored[0] as number));
    assert.ok(isFloat(cells[3] ?? '', stored[4] as number));
    await page.locator('.graph-section .tools vscode-button').first().click();
    await settle(page);
    const rows = page.locator('.graph-section .table').first().locator('tbody tr');
    assert.equal(await rows.count(), 5);
    const last = await rows.nth(4).locator('th, td').allInnerTexts();
    assert.ok(isFloat(last[1] ?? '', stored.at(-1) as number));
  });
});
