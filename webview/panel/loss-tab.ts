// Train and eval loss at every step, of one run or of several laid over each other.
import type { RunSummary } from '../../protocol/view.ts';
import { csvOf } from '../chart/export.ts';
import { Figure } from '../chart/figure.ts';
import type { Line, Mark, Picture } from '../chart/line.ts';
import { nearest } from '../data/search.ts';
import { h, setText, show } from '../ui/dom.ts';
import { clock, count, short } from '../ui/format.ts';
import { Notice } from '../ui/notice.ts';
import { Segmented } from '../ui/segmented.ts';
import { text } from '../ui/text.ts';
import type { Role } from '../ui/theme.ts';
import { isLive } from '../ui/run-state.ts';
import type { Context, Tab } from './context.ts';
import { LossCurves } from './loss-curves.ts';
import { noticeFor } from './stage.ts';

const tags = ['loss/train', 'loss/eval', 'epoch'] as const;
const xLabels = { step: text.axis.steps, time: text.axis.times, epoch: text.axis.epochs };

export class LossTab implements Tab {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #notice = new Notice();
  readonly #figure: Figure;
  readonly #controls: HTMLElement;
  readonly #xAxis: Segmented<'step' | 'time' | 'epoch'>;
  readonly #curves = new Map<string, LossCurves>();
  #runs: readonly RunSummary[] = [];

  constructor(context: Context) {
    this.#context = context;
    this.#figure = new Figure({
      title: text.loss.title,
      xLabel: text.axis.steps,
      wheel: 'at once',
      describeX: (x) => this.#describe(x),
      onSave: (name, bytes) => {
        context.save(name, bytes);
      },
      csv: () => this.#csv(),
    });
    const { label, step, time, epoch } = text.axis;
    this.#xAxis = new Segmented(
      label,
      [
        { value: 'step', label: step },
        { value: 'time', label: time },
        { value: 'epoch', label: epoch },
      ],
      context.memory.xAxis,
      (xAxis) => {
        this.#figure.chart.zoom(null);
        context.change({ xAxis });
      },
    );
    const yAxis = new Segmented(
      text.scale.label,
      [
        { value: 'linear', label: text.scale.linear },
        { value: 'log', label: text.scale.log },
      ],
      context.memory.isLossLog ? 'log' : 'linear',
      (scale) => {
        context.change({ isLossLog: scale === 'log' });
      },
    );
    this.#controls = h('div', { class: 'controls' }, this.#smoothing(), this.#xAxis.element, yAxis.element);
    this.element = h(
      'section',
      { class: 'loss-page' },
      this.#controls,
      this.#figure.element,
      this.#notice.element,
    );
  }

  update(runs: readonly RunSummary[]): void {
    this.#runs = runs;
    for (const run of runs) this.#context.data(run.id).want(tags);
    const [first] = runs;
    const hasData = runs.some((run) => this.#context.data(run.id).column('loss/train').count > 0);
    const notice = noticeFor(this.#context, first, hasData, text.loss);
    this.#notice.set(notice);
    show(this.#controls, notice === null);
    show(this.#figure.element, notice === null);
    if (notice) return;
    this.#xAxis.enable('epoch', this.#hasEpochs(), text.axis.noEpoch);
    const { axis } = this;
    this.#xAxis.set(axis);
    this.#figure.set(this.#picture(), xLabels[axis]);
  }

  /** Epochs where they were chosen and every run has some. */
  private get axis(): 'step' | 'time' | 'epoch' {
    const { xAxis } = this.#context.memory;
    return xAxis === 'epoch' && !this.#hasEpochs() ? 'step' : xAxis;
  }

  #hasEpochs(): boolean {
    return this.#runs.every((run) => this.#context.data(run.id).column('epoch').count > 0);
  }

  #curvesOf(run: RunSummary): LossCurves {
    let curves = this.#curves.get(run.id);
    if (!curves) {
      curves = new LossCurves(this.#context.data(run.id), run.started);
      this.#curves.set(run.id, curves);
    }
    return curves;
  }

  #picture(): Picture {
    const { smoothing, isLossLog } = this.#context.memory;
    const lines: Line[] = [];
    const marks: Mark[] = [];
    for (const [i, run] of this.#runs.entries()) {
      const curves = this.#curvesOf(run);
      curves.refresh(this.axis, smoothing);
      const group = this.#runs.length > 1 ? { group: run.name } : {};
      const [train, evaluation]: [Role, Role] =
        i === 0 ? ['train', 'eval'] : [`hue-${i - 1}`, `hue-${i - 1}`];
      const { raw, smoothed, evaluated } = curves;
      lines.push({
        ...group,
        label: text.loss.train,
        curve: raw,
        role: train,
        isBackdrop: smoothed !== null,
      });
      if (smoothed) lines.push({ ...group, label: text.loss.smoothed, curve: smoothed, role: train });
      if (evaluated.count > 0) {
        const dash = i === 0 ? {} : { dash: [6, 4] };
        lines.push({ ...group, label: text.loss.eval, curve: evaluated, role: evaluation, ...dash });
      }
      if (i === 0) marks.push(...curves.marks(this.axis));
    }
    return { lines, marks, levels: [], isLog: isLossLog, xAxis: this.axis, isLive: this.#runs.some(isLive) };
  }

  #describe(x: number): string {
    const [run] = this.#runs;
    if (!run) return '';
    const { raw, column } = this.#curvesOf(run);
    const index = nearest(raw.x, raw.count, x);
    if (index < 0) return '';
    const step = text.place.step(count(column.steps[index] as number));
    const time = clock((column.times[index] as number) - run.started);
    return this.axis === 'epoch' ? `${text.place.epoch(short(x))} · ${step}` : `${step} · ${time}`;
  }

  #smoothing(): HTMLElement {
    const { smoothing } = this.#context.memory;
    const value = h('output', { class: 'slider-value' }, smoothing.toFixed(2));
    const slider = h('input', {
      type: 'range',
      min: 0,
      max: 100,
      value: placeOf(smoothing),
      'aria-label': text.loss.smoothing,
    });
    slider.addEventListener('input', () => {
      const weight = weightAt(Number(slider.value));
      setText(value, weight < 0.995 ? weight.toFixed(2) : weight.toFixed(3));
      this.#context.change({ smoothing: weight });
    });
    return h('label', { class: 'field' }, text.loss.smoothing, slider, value);
  }

  #csv(): { name: string; bytes: Uint8Array } {
    const bytes = csvOf(['run', 'series', 'step', 'time', 'value'], this.#rows());
    return { name: `${this.#runs[0]?.name ?? text.loss.title} loss.csv`, bytes };
  }

  *#rows(): Generator<(string | number)[]> {
    for (const run of this.#runs) {
      for (const tag of ['loss/train', 'loss/eval']) {
        const { count: points, steps, times, values } = this.#context.data(run.id).column(tag);
        for (let i = 0; i < points; i++) {
          yield [run.name, tag, steps[i] as number, times[i] as number, values[i] as number];
        }
      }
    }
  }
}

/** The slider is finer towards 1: 0, 0.9, 0.99, 0.999 lie evenly. */
const weightAt = (place: number) => (place === 0 ? 0 : 1 - 10 ** (-place / (100 / 3)));
const placeOf = (weight: number) => Math.round(-Math.log10(1 - weight) * (100 / 3));
