// The training view: what to run and how, the run that goes on, and how it fares.
import type { RunAction, RunSummary, TrainingForm, ViewState } from '../../protocol/view.ts';
import { RunData } from '../data/run-data.ts';
import { isLive } from '../ui/run-state.ts';
import { h, onNextFrame, setText, show } from '../ui/dom.ts';
import { sourceOf, type Host } from '../ui/host.ts';
import type { Page } from '../ui/page.ts';
import { Notice, type NoticeContent } from '../ui/notice.ts';
import { text } from '../ui/text.ts';
import { Form } from './form.ts';
import { LiveRun } from './live-run.ts';

export class TrainingView implements Page {
  readonly element: HTMLElement;
  readonly #host: Host;
  readonly #form: Form;
  readonly #live: LiveRun;
  readonly #notice = new Notice();
  readonly #problem = h('p', { class: 'problem alarm', role: 'alert', hidden: true });
  #state: ViewState;
  #data: RunData | null = null;
  readonly #refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor(host: Host, state: ViewState) {
    this.#host = host;
    this.#state = state;
    this.#form = new Form({
      change: (form) => {
        this.#call(host.call('setForm', form));
      },
      act: (action) => {
        this.#act(action, null);
      },
    });
    this.#live = new LiveRun({
      act: (action, run) => {
        this.#act(action, run);
      },
      scaleLearningRate: (run, scale) => {
        this.#call(host.call('setLearningRateScale', { run, scale }));
      },
    });
    this.element = h(
      'main',
      { class: 'training' },
      this.#problem,
      this.#notice.element,
      this.#form.element,
      this.#live.element,
    );
    document.addEventListener('visibilitychange', () => {
      if (this.#data) this.grown(this.#data.run);
      this.#refresh();
    });
    this.#refresh();
  }

  setState(state: ViewState): void {
    this.#state = state;
    this.#refresh();
  }

  grown(run: string): void {
    if (!document.hidden && this.#data?.run === run) this.#data.pull();
  }

  /** Tabs are the run panel's. */
  showTab(): void {
    return;
  }

  #draw(): void {
    if (document.hidden) return;
    const { current, runs, form, trusted } = this.#state;
    const run = runs.find(({ id }) => id === current);
    if (run?.id !== this.#data?.run) {
      this.#data?.rest();
      this.#data = run ? new RunData(run.id, sourceOf(this.#host), this.#refresh) : null;
    }
    this.#notice.set(this.#noticeOf(run, form));
    show(this.#form.element, trusted && form.script !== null);
    this.#form.set(form, run !== undefined && isLive(run));
    show(this.#live.element, run !== undefined);
    if (run && this.#data) this.#live.set(run, this.#data);
  }

  #noticeOf(run: RunSummary | undefined, { script }: TrainingForm): NoticeContent | null {
    if (!this.#state.trusted)
      return { title: text.training.untrustedTitle, body: text.training.untrustedBody };
    if (script !== null || (run && isLive(run))) return null;
    const act = (action: RunAction) => () => {
      this.#act(action, null);
    };
    return {
      title: text.training.noScript,
      body: text.training.noScriptBody,
      actions: [
        { label: text.action.openExample, icon: 'book', isPrimary: true, onClick: act('openExample') },
        { label: text.action.chooseScript, icon: 'file-code', onClick: act('chooseScript') },
      ],
    };
  }

  #act(action: RunAction, run: string | null): void {
    this.#call(this.#host.call('act', { action, run }));
  }

  /** What the host refuses is said where it was asked. */
  #call(asked: Promise<unknown>): void {
    show(this.#problem, false);
    asked.catch((error: unknown) => {
      setText(this.#problem, error instanceof Error ? error.message : String(error));
      show(this.#problem, true);
    });
  }
}
