// The run in the foreground: how far, how fast, its last numbers, two small curves, what is wrong.
import type { RunAction, RunSummary } from '../../protocol/view.ts';
import { curveOf, type Curve } from '../data/curve.ts';
import type { RunData } from '../data/run-data.ts';
import { SmoothedCurve } from '../data/smooth.ts';
import { h, icon, replaceWhereDifferent, setAttribute, setText, show } from '../ui/dom.ts';
import { count, duration, percent, short, steady } from '../ui/format.ts';
import { RunButtons } from '../ui/run-buttons.ts';
import { isLive, stateIcon, stateWords } from '../ui/run-state.ts';
import { text } from '../ui/text.ts';
import { iconButton } from '../ui/widgets.ts';
import { Miniature } from './miniature.ts';

const tags = ['loss/train', 'loss/eval', 'grad/total'];
const smoothing = 0.9;

export class LiveRun {
  readonly element: HTMLElement;
  readonly #icon = h('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #name = h('span', { class: 'run-name' });
  readonly #says = h('p', { class: 'says' });
  readonly #buttons: RunButtons;
  readonly #progress = h('progress', { 'aria-label': text.training.progress });
  readonly #progressWords = h('span', { class: 'faint' });
  readonly #progressRow: HTMLElement;
  readonly #values = { step: h('dd'), speed: h('dd') };
  readonly #facts: HTMLElement;
  readonly #loss = new Miniature(text.training.loss);
  readonly #gradient = new Miniature(text.training.gradient);
  readonly #rate = h('output', { class: 'rate' });
  readonly #rateRow: HTMLElement;
  readonly #alarms = h('ul', { class: 'alarms', 'aria-label': text.training.alarms });
  #smoothed = new SmoothedCurve(smoothing);
  #run: RunSummary | undefined;
  #data: RunData | undefined;

  constructor({
    act,
    scaleLearningRate,
  }: {
    act: (action: RunAction, run: string) => void;
    scaleLearningRate: (run: string, scale: number) => void;
  }) {
    this.#buttons = new RunButtons(act);
    const scaleBy = (factor: number) => () => {
      const run = this.#run;
      if (run && run.learningRateScale !== null) scaleLearningRate(run.id, run.learningRateScale * factor);
    };
    const { half, double, learningRate } = text.training;
    this.#rateRow = h(
      'div',
      { class: 'row rate-row' },
      h('span', { class: 'label' }, learningRate),
      iconButton('remove', half, scaleBy(0.5)),
      this.#rate,
      iconButton('add', double, scaleBy(2)),
    );
    this.#progressRow = h('div', { class: 'progress' }, this.#progress, this.#progressWords);
    const fact = (name: string, value: HTMLElement) => h('div', {}, h('dt', {}, name), value);
    this.#facts = h(
      'dl',
      { class: 'facts' },
      fact(text.fact.step, this.#values.step),
      fact(text.fact.speed, this.#values.speed),
    );
    const open = iconButton('graph-line', text.action.open, () => {
      if (this.#run) act('open', this.#run.id);
    });
    this.element = h(
      'section',
      { class: 'live', 'aria-label': text.training.run },
      h('header', {}, this.#icon, this.#name, open),
      this.#says,
      this.#alarms,
      this.#buttons.element,
      this.#progressRow,
      this.#facts,
      this.#loss.element,
      this.#gradient.element,
      this.#rateRow,
    );
  }

  set(run: RunSummary, data: RunData): void {
    this.#run = run;
    if (this.#data !== data) {
      this.#data = data;
      this.#smoothed = new SmoothedCurve(smoothing);
    }
    data.want(tags);
    const live = isLive(run);
    setAttribute(this.#icon, 'class', `codicon codicon-${stateIcon(run.state)}`);
    setAttribute(this.#icon, 'data-state', run.state);
    setText(this.#name, run.name);
    setAttribute(this.#name, 'title', run.name);
    const isBroken = run.state === 'failed' || run.state === 'unreadable';
    setText(this.#says, isBroken ? run.says : stateWords(run));
    setAttribute(this.#says, 'class', isBroken ? 'says code broken' : 'says');
    this.#buttons.set(run);
    this.#showProgress(run, live);
    this.#showAlarms(run.alarms);
    this.#showCurves(data, run, live);
    for (const element of [this.#facts, this.#loss.element, this.#gradient.element]) {
      show(element, run.state !== 'unreadable');
    }
    show(this.#rateRow, live && !run.isWatchedOnly);
    const scale = run.learningRateScale;
    setText(this.#rate, scale === null ? '–' : text.training.scale(short(scale)));
    setAttribute(this.#rateRow, 'title', scale === null ? text.training.noLearningRate : null);
    for (const button of this.#rateRow.querySelectorAll('vscode-button')) {
      setAttribute(button, 'disabled', scale === null);
    }
  }

  #showProgress({ progress, step, stepsPerSecond }: RunSummary, live: boolean): void {
    setText(this.#values.step, count(step));
    const hasSpeed = live && Number.isFinite(stepsPerSecond);
    setText(this.#values.speed, hasSpeed ? steady(stepsPerSecond) : '–');
    show(this.#progressRow, progress !== null && live);
    if (!progress) return;
    const { done, total } = progress;
    this.#progress.max = Math.max(1, total);
    this.#progress.value = Math.min(done, total);
    const said = [`${count(done)} / ${count(total)}`, percent(total > 0 ? done / total : 0)];
    if (hasSpeed && stepsPerSecond > 0) {
      said.push(text.training.left(duration((total - done) / stepsPerSecond)));
    }
    setText(this.#progressWords, said.join(' · '));
  }

  #showAlarms(alarms: readonly string[]): void {
    const said = [...this.#alarms.children].map((one) => one.textContent);
    if (said.length === alarms.length && said.every((one, i) => one === alarms[i])) return;
    replaceWhereDifferent(
      this.#alarms,
      alarms.map((alarm) => h('li', {}, icon('warning'), h('span', {}, alarm))),
    );
    show(this.#alarms, alarms.length > 0);
  }

  #showCurves(data: RunData, { lastLoss }: RunSummary, live: boolean): void {
    const train = data.column('loss/train');
    const evaluated = data.column('loss/eval');
    this.#smoothed.refresh(train, train.steps);
    const last = (curve: Curve) => (curve.count > 0 ? (curve.y[curve.count - 1] as number) : null);
    const lastEval = last(curveOf(evaluated));
    const said = lastLoss === null ? '–' : steady(lastLoss);
    this.#loss.set({
      value: lastEval === null ? said : `${said} · ${text.loss.eval} ${steady(lastEval)}`,
      isLive: live,
      isLog: false,
      levels: [],
      lines: [
        { label: text.loss.train, curve: curveOf(train), role: 'train', isBackdrop: true },
        { label: text.loss.smoothed, curve: this.#smoothed, role: 'train' },
        { label: text.loss.eval, curve: curveOf(evaluated), role: 'eval' },
      ],
    });
    const total = curveOf(data.column('grad/total'));
    const threshold = data.last('grad/clip_threshold');
    const norm = last(total);
    const limit = threshold === null ? '' : ` · ${text.training.threshold(short(threshold))}`;
    this.#gradient.set({
      value: norm === null ? '–' : `${steady(norm)}${limit}`,
      isLive: live,
      isLog: true,
      levels: threshold === null ? [] : [{ value: threshold, text: '' }],
      lines: [{ label: text.gradients.before, curve: total, role: 'before' }],
    });
  }
}
