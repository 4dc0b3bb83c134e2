// What the run panel's parts share.
import type { TensorAnswer, TensorKind, TensorQuestion } from '../../protocol/inspect.ts';
import type { PanelTab, RunAction, RunSummary } from '../../protocol/view.ts';
import type { ModelData } from '../data/model-data.ts';
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
  /** The tensor or module that is looked at, and what of it. */
  tensor: '',
  tensorKind: 'parameter' as TensorKind,
  isScaleRobust: true,
  isCountLog: true,
  tileValue: 'mean' as 'mean' | 'extreme',
};
export type Memory = typeof initialMemory;

export interface Context {
  readonly memory: Memory;
  /** Changes settings, keeps them and draws anew. */
  change(memory: Partial<Memory>): void;
  /** Draws before the next frame. */
  readonly refresh: () => void;
  data(run: string): RunData;
  /** What the run says of its modules and tensors. */
  model(run: string): ModelData;
  inspect(run: string, question: TensorQuestion): Promise<TensorAnswer>;
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
  /** Another page is shown: nothing more is asked of the host. */
  rest?(): void;
}
