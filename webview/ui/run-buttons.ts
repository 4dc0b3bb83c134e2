// Pause or go on, one step, stop; once it is over, run again. The same in the panel and in the sidebar.
import type { RunAction, RunSummary } from '../../protocol/view.ts';
import { h, show } from './dom.ts';
import { isLive, isPausable } from './run-state.ts';
import { text } from './text.ts';
import { Button } from './widgets.ts';

export class RunButtons {
  readonly element: HTMLElement;
  readonly #toggle: Button;
  readonly #step: Button;
  readonly #stop: Button;
  readonly #again: Button;
  #run: RunSummary | undefined;

  constructor(act: (action: RunAction, run: string) => void) {
    const on = (action: () => RunAction) => () => {
      if (this.#run) act(action(), this.#run.id);
    };
    this.#toggle = new Button({
      label: text.action.pause,
      icon: 'debug-pause',
      isPrimary: true,
      onClick: on(() => (this.#run && isPausable(this.#run) ? 'pause' : 'resume')),
    });
    this.#step = new Button({ label: text.action.step, icon: 'debug-step-over', onClick: on(() => 'step') });
    this.#stop = new Button({ label: text.action.stop, icon: 'debug-stop', onClick: on(() => 'stop') });
    this.#again = new Button({
      label: text.action.restart,
      icon: 'debug-restart',
      onClick: on(() => 'restart'),
    });
    const buttons = [this.#toggle, this.#step, this.#stop, this.#again];
    this.element = h('div', { class: 'run-buttons' }, ...buttons.map(({ element }) => element));
  }

  set(run: RunSummary | undefined): void {
    this.#run = run;
    const mayAct = run !== undefined && !run.isWatchedOnly;
    const live = mayAct && isLive(run);
    for (const { element } of [this.#toggle, this.#step, this.#stop]) show(element, live);
    show(this.#again.element, mayAct && !live && run.state !== 'unreadable');
    show(this.element, mayAct);
    if (!live) return;
    const pausable = isPausable(run);
    this.#toggle.set({
      label: pausable ? text.action.pause : text.action.resume,
      icon: pausable ? 'debug-pause' : 'debug-continue',
      isEnabled: run.state !== 'starting',
    });
    this.#step.set({ isEnabled: run.state === 'paused' });
  }
}
