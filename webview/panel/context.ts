// What the run panel's parts share.
import type { PanelTab, RunAction, RunSummary } from '../../protocol/view.ts';
import type { RunData } from '../data/run-data.ts';

/** What the panel remembers while it is hidden. */
export const initialMemory = {
  tab: 'loss' as PanelTab,
  smoothing: 0.6,
  xAxis: 'step' as 'step' | 'time' | 'epoch',
  isLossLog: false,
  metric: 'grad' as 'grad' | 'weight' | 'ratio',
  layout: 'heatmap' as 'heatmap' | 'multiples',
  sort: 'model' as 'model' | 'name' | 'largest' | 'smallest' | 'alarms',
  state: 'h' as 'h' | 'c',
};
export type Memory = typeof initialMemory;

export interface Context {
  readonly memory: Memory;
  /** Changes settings, keeps them and draws anew. */
  change(memory: Partial<Memory>): void;
  /** Draws before the next frame. */
  readonly refresh: () => void;
  data(run: string): RunData;
  act(action: RunAction, run: string | null): void;
  save(name: string, bytes: Uint8Array): void;
  showTab(tab: PanelTab): void;
  isTrusted(): boolean;
}

/** One page of the panel. */
export interface Tab {
  readonly element: HTMLElement;
  /** Says which series are in sight and draws what has come. @param runs those shown, the first in the foreground */
  update(runs: readonly RunSummary[]): void;
}
