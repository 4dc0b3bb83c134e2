// What tests look at in the tensors' page.
import type { Page } from 'playwright-core';
import type { Opened } from './browser.ts';
import { callsOf } from './look.ts';
import { withPanel } from './panel-page.ts';
import type { ScenarioName } from './scenarios.ts';

export function withTensor(
  scenario: ScenarioName,
  memory: object,
  use: (page: Page) => Promise<void>,
  options: Partial<Opened> = {},
): Promise<void> {
  return withPanel(scenario, { tab: 'tensors', ...memory }, use, { height: 1400, ...options });
}

export const weight = { tensor: 'lstm.weight_hh_l0' };
export const body = (page: Page) => page.locator('.tensors-page').innerText();
export const readout = (page: Page) => page.locator('.heat-section .readout').innerText();
export const map = (page: Page) => page.locator('.tensor-heatmap');
export const named = (page: Page, label: string) =>
  page.locator(`.tensors-page vscode-button[aria-label="${label}"]`);
/** The `i`-th element of a tensor of the run in the foreground, as it is stored. */
export const element = (page: Page, name: string, i: number, step: number) =>
  page.evaluate(
    ([wanted, at, when]) => {
      const [tensors] = window.fake.scenario.tensors?.values() ?? [];
      return tensors?.made.find((one) => one.name === wanted)?.element(at, when) ?? NaN;
    },
    [name, i, step] as const,
  );
export const number = (text: string | undefined) => Number((text ?? '').replace('−', '-'));
export const questions = async (page: Page) =>
  (await callsOf(page, 'inspect')) as { run: string; question: Record<string, unknown> }[];
