// The run panel: a head, four tabs of which one is drawn, and the data of the runs that are shown.
import type { TensorAnswer, TensorKind, TensorQuestion } from '../../protocol/inspect.ts';
import type { PanelTab, RunAction, RunSummary, ViewState } from '../../protocol/view.ts';
import { ModelData } from '../data/model-data.ts';
import { RunData } from '../data/run-data.ts';
import { h, onNextFrame, setAttribute, show } from '../ui/dom.ts';
import { remember, remembered, sourceOf, type Host } from '../ui/host.ts';
import type { Page } from '../ui/page.ts';
import { text } from '../ui/text.ts';
import { GradientsTab } from '../gradients/gradients-tab.ts';
import { TensorsTab } from '../tensors/tensors-tab.ts';
import { TimeTab } from '../time/time-tab.ts';
import { initialMemory, type Context, type Memory, type Tab } from './context.ts';
import { Header } from './header.ts';
import { LossTab } from './loss-tab.ts';
import { RunPicker } from './run-picker.ts';

const order: readonly PanelTab[] = ['loss', 'gradients', 'through-time', 'tensors'];

export class Panel implements Context, Page {
  readonly element: HTMLElement;
  readonly memory: Memory = remembered(initialMemory);
  readonly #host: Host;
  readonly #tabs: Record<PanelTab, Tab>;
  readonly #buttons: Record<PanelTab, HTMLButtonElement>;
  readonly #header: Header;
  readonly #picker: RunPicker;
  readonly #data = new Map<string, RunData>();
  readonly #models = new Map<string, ModelData>();
  #state: ViewState;
  #problem: string | null = null;
  readonly refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor(host: Host, state: ViewState) {
    this.#host = host;
    this.#state = state;
    this.#tabs = {
      loss: new LossTab(this),
      gradients: new GradientsTab(this),
      'through-time': new TimeTab(this),
      tensors: new TensorsTab(this),
    };
    this.#buttons = Object.fromEntries(order.map((tab) => [tab, this.#tabButton(tab)])) as Record<
      PanelTab,
      HTMLButtonElement
    >;
    this.#picker = new RunPicker((runs) => {
      this.#state = { ...this.#state, shown: runs };
      void this.#host.call('showRuns', { runs });
      this.refresh();
    });
    this.#header = new Header((action, run) => {
      this.act(action, run);
    }, this.#picker.element);
    this.element = h(
      'main',
      { class: 'panel' },
      this.#header.element,
      this.#tabList(),
      ...order.map((tab) => this.#tabPanel(tab)),
    );
    // A page behind another one draws nothing; it catches up on its return.
    document.addEventListener('visibilitychange', () => {
      for (const { id } of this.#shown) this.grown(id);
      this.refresh();
    });
    this.refresh();
  }

  setState(state: ViewState): void {
    this.#state = state;
    this.refresh();
  }

  grown(run: string): void {
    if (!document.hidden) this.#data.get(run)?.pull();
  }

  showTab(tab: PanelTab, tensor?: string, tensorKind: TensorKind = 'parameter'): void {
    this.change(tensor === undefined ? { tab } : { tab, tensor, tensorKind });
  }

  change(memory: Partial<Memory>): void {
    Object.assign(this.memory, memory);
    remember(this.memory);
    this.refresh();
  }

  data(run: string): RunData {
    let data = this.#data.get(run);
    if (!data) this.#data.set(run, (data = new RunData(run, sourceOf(this.#host), this.refresh)));
    return data;
  }

  model(run: string): ModelData {
    let model = this.#models.get(run);
    if (!model) {
      const ask = (known: number | null) => this.#host.call('model', { run, known });
      this.#models.set(run, (model = new ModelData(ask, this.refresh)));
    }
    return model;
  }

  inspect(run: string, question: TensorQuestion): Promise<TensorAnswer> {
    return this.#host.call('inspect', { run, question });
  }

  act(action: RunAction, run: string | null): void {
    this.#problem = null;
    this.#host.call('act', { action, run }).catch((error: unknown) => {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.refresh();
    });
    this.refresh();
  }

  save(name: string, bytes: Uint8Array): void {
    this.#host.call('save', { name, bytes }).catch((error: unknown) => {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.refresh();
    });
  }

  isTrusted(): boolean {
    return this.#state.trusted;
  }

  /** Those shown, the first in the foreground. */
  get #shown(): RunSummary[] {
    const known = new Map(this.#state.runs.map((run) => [run.id, run]));
    const shown = this.#state.shown.flatMap((id) => known.get(id) ?? []);
    const current = this.#state.current === null ? undefined : known.get(this.#state.current);
    return shown.length > 0 || !current ? shown : [current];
  }

  #draw(): void {
    if (document.hidden) return;
    const runs = this.#shown;
    const [first] = runs;
    const failed = first ? (this.#data.get(first.id)?.problem ?? null) : null;
    this.#header.set(first, this.#problem ?? (failed === null ? null : text.panel.readFailed(failed)));
    this.#picker.set(
      this.#state.runs,
      runs.map(({ id }) => id),
    );
    for (const tab of order) {
      const isChosen = tab === this.memory.tab;
      setAttribute(this.#buttons[tab], 'aria-selected', String(isChosen));
      setAttribute(this.#buttons[tab], 'tabindex', isChosen ? 0 : -1);
      show(this.#tabs[tab].element, isChosen);
      if (!isChosen) this.#tabs[tab].rest?.();
    }
    for (const [id, data] of this.#data) if (!runs.some((run) => run.id === id)) data.rest();
    this.#tabs[this.memory.tab].update(runs);
  }

  #tabButton(tab: PanelTab): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab}`,
        'aria-controls': `page-${tab}`,
        on: {
          click: () => {
            this.change({ tab });
          },
        },
      },
      text.panel.tabs[tab],
    );
  }

  #tabList(): HTMLElement {
    const list = h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': text.panel.tabList },
      ...order.map((tab) => this.#buttons[tab]),
    );
    list.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0) return;
      event.preventDefault();
      const next = order[(order.indexOf(this.memory.tab) + by + order.length) % order.length] as PanelTab;
      this.change({ tab: next });
      this.#buttons[next].focus();
    });
    return list;
  }

  #tabPanel(tab: PanelTab): HTMLElement {
    const { element } = this.#tabs[tab];
    element.classList.add('page');
    setAttribute(element, 'role', 'tabpanel');
    setAttribute(element, 'id', `page-${tab}`);
    setAttribute(element, 'aria-labelledby', `tab-${tab}`);
    return element;
  }
}
