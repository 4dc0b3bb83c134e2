// Pictures of every view and state, to be looked at: `npm run shots [-- WORD...]` writes those whose name holds one of
// the words, or all, to build/shots.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launch, root, Session, settle, type Opened } from './harness/browser.ts';
import type { ThemeName } from './harness/themes.ts';

interface Shot extends Opened {
  name: string;
  /** What a person does before the picture is taken. */
  act?: (page: Page) => Promise<void>;
}

const tabs = ['loss', 'gradients', 'through-time', 'tensors'] as const;
const wide = { width: 1000, height: 700 };
const narrow = { width: 240, height: 700 };

const hover =
  (selector: string, x = 0.6, y = 0.5) =>
  async (page: Page) => {
    const box = await page.locator(selector).first().boundingBox();
    if (!box) throw new Error(`${selector} is not there`);
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    await settle(page);
  };

const press =
  (selector: string, ...pressed: string[]) =>
  async (page: Page) => {
    await page.locator(selector).first().focus();
    for (const key of pressed) {
      await page.keyboard.press(key);
      await settle(page);
    }
  };

const tall = { width: 1000, height: 1250 };

function* tensorShots(themes: readonly ThemeName[]): Generator<Shot> {
  const shot = (
    name: string,
    scenario: Shot['scenario'],
    memory: object,
    over: Partial<Shot> = {},
  ): Shot => ({
    name: `panel-tensors-${name}`,
    page: 'panel',
    scenario,
    memory: { tab: 'tensors', ...memory },
    ...tall,
    ...over,
  });
  for (const theme of themes) {
    yield shot(`whole-${theme}`, 'live', { tensor: 'lstm.weight_hh_l0' }, { theme });
    yield shot(
      `narrow-${theme}`,
      'live',
      { tensor: 'lstm.weight_hh_l0' },
      { theme, width: 240, height: 2000 },
    );
  }
  for (const name of [
    'words.weight',
    'conv.weight',
    'gru.weight_hh_l0',
    'odd.scalar',
    'odd.empty',
    'odd.all_nan',
    'odd.some_bad',
    'odd.mask',
    'odd.counts',
    'odd.zeros',
    'odd.outlier',
    'odd.one_step',
    'odd.long',
  ]) {
    yield shot(name, 'odd', { tensor: name });
  }
  const weight = { tensor: 'lstm.weight_hh_l0' };
  yield shot('gradient', 'live', { ...weight, tensorKind: 'gradient' });
  yield shot('update-waiting', 'live', { ...weight, tensorKind: 'update' });
  yield shot('update-paused', 'paused', { ...weight, tensorKind: 'update' });
  yield shot('update-over', 'finished', { ...weight, tensorKind: 'update' });
  yield shot('no-snapshot', 'gone', weight);
  yield shot('hostile', 'hostile', {});
  yield shot('many', 'many', { tensor: 'blocks.1234.linear.weight_2' });
  for (const scenario of ['empty', 'starting', 'waiting', 'failed-early', 'unreadable'] as const) {
    yield shot(scenario, scenario, {});
  }
  const grown = (steps: number, times: number) => async (page: Page) => {
    for (let i = 0; i < times; i++) {
      await page.evaluate((by) => {
        window.fake.grow(by);
      }, steps);
      await page.waitForTimeout(300);
      await settle(page);
    }
  };
  yield shot('output', 'live', { tensor: 'lstm', tensorKind: 'activation' }, { act: grown(1, 3) });
  yield shot('ridge', 'live', weight, { act: grown(150, 10) });
  yield shot('ridge-logged', 'logged', weight, {});
  yield shot('cells', 'live', weight, {
    act: press('.tensor-heatmap', 'ArrowRight', '+', '+', '+', 'ArrowDown', 'ArrowRight'),
  });
  yield shot('picked', 'live', weight, {
    act: press('.tensor-heatmap', 'ArrowRight', 'PageDown', 'PageDown', 'ArrowRight', 'Enter'),
  });
  yield shot('kept', 'live', weight, {
    act: async (page) => {
      await page.getByText('Keep this step').click();
      await grown(200, 1)(page);
    },
  });
}

function* shots(): Generator<Shot> {
  const all: ThemeName[] = ['dark', 'light', 'hc-dark', 'hc-light'];
  for (const theme of all) {
    for (const tab of tabs) {
      for (const [size, box] of [
        ['wide', wide],
        ['narrow', narrow],
      ] as const) {
        yield {
          name: `panel-${tab}-live-${theme}-${size}`,
          page: 'panel',
          scenario: 'live',
          theme,
          memory: { tab },
          ...box,
        };
      }
    }
    for (const scenario of ['live', 'no-script', 'failed'] as const) {
      yield { name: `training-${scenario}-${theme}`, page: 'training', scenario, theme, ...narrow };
    }
  }
  for (const scenario of [
    'empty',
    'untrusted',
    'starting',
    'waiting',
    'paused',
    'finished',
    'failed',
    'failed-early',
    'unreadable',
  ] as const) {
    for (const tab of ['loss', 'gradients', 'through-time'] as const) {
      yield { name: `panel-${tab}-${scenario}`, page: 'panel', scenario, memory: { tab }, ...wide };
    }
    yield { name: `training-${scenario}`, page: 'training', scenario, ...narrow };
  }
  for (const scenario of ['watched', 'pausing', 'exploding', 'non-finite', 'hostile', 'stopped'] as const) {
    yield { name: `training-${scenario}`, page: 'training', scenario, ...narrow };
  }
  yield { name: 'training-live-wide', page: 'training', scenario: 'live', width: 480, height: 700 };
  for (const scenario of [
    'plain',
    'vanishing',
    'exploding',
    'non-finite',
    'two',
    't1',
    't512',
    't2000',
    'hostile',
  ] as const) {
    yield {
      name: `panel-through-time-${scenario}`,
      page: 'panel',
      scenario,
      memory: { tab: 'through-time' },
      width: 1000,
      height: 1100,
    };
  }
  yield {
    name: 'panel-through-time-two-light',
    page: 'panel',
    scenario: 'two',
    theme: 'light',
    memory: { tab: 'through-time' },
    width: 1000,
    height: 1500,
  };
  yield {
    name: 'panel-through-time-hover',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'through-time' },
    width: 1000,
    height: 1100,
    act: hover('.time-heatmap'),
  };
  for (const scenario of ['plain', 'exploding', 'non-finite', 'many', 'hostile'] as const) {
    yield {
      name: `panel-gradients-${scenario}`,
      page: 'panel',
      scenario,
      memory: { tab: 'gradients' },
      ...wide,
    };
  }
  for (const [metric, layout] of [
    ['ratio', 'heatmap'],
    ['grad', 'multiples'],
    ['weight', 'multiples'],
  ] as const) {
    yield {
      name: `panel-gradients-${metric}-${layout}`,
      page: 'panel',
      scenario: 'live',
      memory: { tab: 'gradients', metric, layout },
      ...wide,
    };
  }
  yield {
    name: 'panel-gradients-hover',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'gradients' },
    ...wide,
    act: hover('.parameter canvas'),
  };
  yield {
    name: 'panel-gradients-table',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'gradients' },
    ...wide,
    act: async (page) => {
      await page.locator('.parameter-section .tools vscode-button').click();
      await settle(page);
    },
  };
  yield* tensorShots(all);
  for (const scenario of ['non-finite', 'compare', 'hostile', 'million'] as const) {
    yield { name: `panel-loss-${scenario}`, page: 'panel', scenario, memory: { tab: 'loss' }, ...wide };
  }
  yield {
    name: 'panel-loss-log',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'loss', isLossLog: true, smoothing: 0 },
    ...wide,
  };
  yield {
    name: 'panel-loss-epoch',
    page: 'panel',
    scenario: 'finished',
    memory: { tab: 'loss', xAxis: 'epoch' },
    ...wide,
  };
  yield {
    name: 'panel-loss-time',
    page: 'panel',
    scenario: 'finished',
    memory: { tab: 'loss', xAxis: 'time' },
    ...wide,
  };
  yield {
    name: 'panel-loss-hover',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'loss' },
    ...wide,
    act: hover('.plot'),
  };
  yield {
    name: 'panel-loss-table',
    page: 'panel',
    scenario: 'live',
    memory: { tab: 'loss' },
    ...wide,
    act: async (page) => {
      await page.locator('.tools vscode-button').nth(1).click();
      await settle(page);
    },
  };
  yield {
    name: 'panel-loss-runs',
    page: 'panel',
    scenario: 'compare',
    memory: { tab: 'loss' },
    ...wide,
    act: async (page) => {
      await page.locator('.run-picker vscode-button').click();
      await settle(page);
    },
  };
  yield {
    name: 'panel-loss-zoomed',
    page: 'panel',
    scenario: 'million',
    memory: { tab: 'loss', smoothing: 0 },
    ...wide,
    act: async (page) => {
      await hover('.plot', 0.66)(page);
      for (let i = 0; i < 40; i++) await page.mouse.wheel(0, -100);
      await settle(page);
    },
  };
}

const words = process.argv.slice(2);
const folder = path.join(root, 'build/shots');
mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  const session = await Session.start(browser);
  for (const { name, act, ...opened } of shots()) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
    const page = await session.open(opened);
    await page.mouse.move(0, 0);
    await act?.(page);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    for (const problem of session.problems) console.log(`${name}: ${problem}`);
  }
} finally {
  await browser.close();
}
