// Gradient norms: the total before and after clipping, and every parameter's.
import type { RunSummary } from '../../protocol/view.ts';
import { csvOf } from '../chart/export.ts';
import { Figure } from '../chart/figure.ts';
import type { Line, Picture } from '../chart/line.ts';
import type { Column } from '../data/column.ts';
import { curveOf } from '../data/curve.ts';
import type { RunData } from '../data/run-data.ts';
import { describeEvent } from '../panel/loss-curves.ts';
import type { Context, Tab } from '../panel/context.ts';
import { isLive } from '../ui/run-state.ts';
import { noticeFor } from '../panel/stage.ts';
import { h, show } from '../ui/dom.ts';
import { count, percent, short } from '../ui/format.ts';
import { Notice } from '../ui/notice.ts';
import { text } from '../ui/text.ts';
import { ParameterSection } from './parameter-section.ts';
import { stepRange } from './parameter-list.ts';

const [total, clipped, threshold] = ['grad/total', 'grad/total_clipped', 'grad/clip_threshold'] as const;

export class GradientsTab implements Tab {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #notice = new Notice();
  readonly #figure: Figure;
  readonly #parameters: ParameterSection;
  readonly #body: HTMLElement;
  #run: RunSummary | undefined;
  readonly #clips = new Map<string, ClipCount>();

  constructor(context: Context) {
    this.#context = context;
    this.#figure = new Figure({
      title: text.gradients.total,
      xLabel: text.axis.steps,
      wheel: 'when asked',
      describeX: (x) => text.place.step(count(x)),
      onSave: (name, bytes) => {
        context.save(name, bytes);
      },
      csv: () => this.#csv(),
    });
    this.#parameters = new ParameterSection(context, context.refresh);
    const { cursor } = this.#figure;
    const readOut = cursor.onMove;
    cursor.onMove = (x) => {
      readOut(x);
      this.#parameters.showCursor(x);
    };
    this.#parameters.onCursor = (step) => {
      cursor.moveTo(step);
    };
    this.#body = h('div', { class: 'gradients-body' }, this.#figure.element, this.#parameters.element);
    this.element = h('section', { class: 'gradients-page' }, this.#body, this.#notice.element);
  }

  update(runs: readonly RunSummary[]): void {
    const [run] = runs;
    this.#run = run;
    const data = run && this.#context.data(run.id);
    const totals = data?.column(total);
    const notice = noticeFor(this.#context, run, (totals?.count ?? 0) > 0, text.gradients);
    this.#notice.set(notice);
    show(this.#body, notice === null);
    if (!run || !data || !totals) return;
    data.want([total, clipped, threshold, ...(notice === null ? this.#parameters.wanted(data) : [])]);
    if (notice !== null) return;
    this.#figure.set(this.#picture(run, data));
    this.#figure.setFoot(this.#clipping(run.id, data));
    const range =
      this.#figure.chart.view ??
      stepRange(totals.steps[0] as number, totals.steps[totals.count - 1] as number, isLive(run));
    this.#parameters.update(data, range);
    // What is in sight may have changed with the list's length.
    data.want([total, clipped, threshold, ...this.#parameters.wanted(data)]);
  }

  #picture(run: RunSummary, data: RunData): Picture {
    const limit = data.column(threshold);
    const isClipped = limit.count > 0;
    const before: Line = {
      label: isClipped ? text.gradients.before : text.gradients.unclipped,
      curve: curveOf(data.column(total)),
      role: 'before',
    };
    const after: Line = { label: text.gradients.after, curve: curveOf(data.column(clipped)), role: 'after' };
    const last = limit.values[limit.count - 1];
    return {
      lines: isClipped ? [before, after] : [before],
      marks: data.events.map((event) => ({
        x: event.step,
        isAlarm: /finite/.test(event.kind),
        text: describeEvent(event),
      })),
      levels: last === undefined ? [] : [{ value: last, text: text.gradients.threshold(short(last)) }],
      isLog: true,
      xAxis: 'step',
      isLive: isLive(run),
    };
  }

  #clipping(run: string, data: RunData): string {
    if (data.column(threshold).count === 0) return text.gradients.noClipping;
    let clips = this.#clips.get(run);
    if (!clips) this.#clips.set(run, (clips = new ClipCount()));
    clips.refresh(data.column(total), data.column(clipped));
    const all = count(clips.all);
    if (clips.clipped === 0) return text.gradients.neverClipped(all);
    return text.gradients.clipped(count(clips.clipped), all, percent(clips.clipped / clips.all));
  }

  #csv(): { name: string; bytes: Uint8Array } {
    const run = this.#run;
    const data = run && this.#context.data(run.id);
    const rows = function* (): Generator<(string | number)[]> {
      for (const tag of [total, clipped, threshold]) {
        const column = data?.column(tag);
        for (let i = 0; column && i < column.count; i++) {
          yield [tag, column.steps[i] as number, column.times[i] as number, column.values[i] as number];
        }
      }
    };
    return {
      name: `${run?.name ?? text.gradients.total} gradient norms.csv`,
      bytes: csvOf(['series', 'step', 'time', 'value'], rows()),
    };
  }
}

/** In how many steps clipping made the norm smaller. */
class ClipCount {
  all = 0;
  clipped = 0;

  refresh(before: Column, after: Column): void {
    const end = Math.min(before.count, after.count);
    for (; this.all < end; this.all++) {
      // Clipping multiplies: what it does not touch stays within rounding.
      if ((after.values[this.all] as number) < (before.values[this.all] as number) * (1 - 1e-5))
        this.clipped++;
    }
  }
}
