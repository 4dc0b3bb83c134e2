// The head of the run panel: which run, how it is, what can be done.
import type { RunAction, RunSummary } from '../../protocol/view.ts';
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { count, steady } from '../ui/format.ts';
import { RunButtons } from '../ui/run-buttons.ts';
import { isLive, stateIcon, stateWords } from '../ui/run-state.ts';
import { text } from '../ui/text.ts';

export class Header {
  readonly element: HTMLElement;
  readonly #icon = h('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #name = h('h2', { class: 'run-name' });
  readonly #state = h('span', { class: 'run-state' });
  readonly #facts = h('dl', { class: 'facts' });
  readonly #banner = h('div', { class: 'banner', role: 'alert', hidden: true });
  readonly #buttons: RunButtons;
  readonly #values = new Map<string, HTMLElement>();

  /** @param picker stands beside the name: which runs are shown */
  constructor(act: (action: RunAction, run: string) => void, picker: HTMLElement) {
    this.#buttons = new RunButtons(act);
    for (const name of ['step', 'loss', 'speed', 'device'] as const) {
      const value = h('dd');
      this.#values.set(name, value);
      this.#facts.append(h('div', {}, h('dt', {}, text.fact[name]), value));
    }
    this.element = h(
      'header',
      { class: 'panel-head' },
      h('div', { class: 'run-title' }, this.#icon, this.#name, this.#state),
      h('div', { class: 'run-actions' }, this.#buttons.element, picker),
      this.#facts,
      this.#banner,
    );
  }

  /** @param problem a sentence for the person: why the last thing asked for was not done */
  set(run: RunSummary | undefined, problem: string | null): void {
    setText(this.#name, run?.name ?? text.panel.noRunTitle);
    setAttribute(this.#name, 'title', run ? [run.script, ...run.arguments].join(' ') : null);
    setText(this.#state, run ? stateWords(run) : '');
    setAttribute(this.#icon, 'class', `codicon codicon-${run ? stateIcon(run.state) : 'graph-line'}`);
    setAttribute(this.#icon, 'data-state', run?.state ?? 'none');
    this.#buttons.set(run);
    show(this.#facts, run !== undefined && run.state !== 'unreadable');
    const values: Record<string, string> = {
      step: run ? count(run.step) : '',
      loss: run?.lastLoss === null || !run ? '–' : steady(run.lastLoss),
      speed: run && isLive(run) && Number.isFinite(run.stepsPerSecond) ? steady(run.stepsPerSecond) : '–',
      device: run?.device ?? '',
    };
    for (const [name, value] of this.#values) setText(value, values[name] ?? '');
    show(this.element, run !== undefined || problem !== null);
    // A run without a step says so in the tab's place.
    const hasFailed = run?.state === 'failed' && run.step > 0;
    const said = problem ?? (hasFailed ? `${run.says}\n${text.state.kept(count(run.step))}` : '');
    show(this.#banner, said !== '');
    setText(this.#banner, said);
  }
}
