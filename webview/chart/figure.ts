// A chart with what stands around it: title, legend, buttons, x label, and the same as a table.
import { announce } from '../ui/announce.ts';
import { h, setText, show } from '../ui/dom.ts';
import { exact } from '../ui/format.ts';
import { TableToggle, type TableContent } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { iconButton } from '../ui/widgets.ts';
import { Chart } from './chart.ts';
import { Cursor, readings } from './cursor.ts';
import { chartPicture } from './export.ts';
import { interact } from './interact.ts';
import { Legend } from './legend.ts';
import { emptyPicture, type Picture } from './line.ts';
import { indicesWithin } from '../data/curve.ts';

export interface FigureOptions {
  title: string;
  xLabel: string;
  wheel: 'at once' | 'when asked';
  /** What a place on the x axis is, in words: "step 1,204". */
  describeX: (x: number) => string;
  onSave: (name: string, bytes: Uint8Array) => void;
  /** The file of the table, where it can be had. */
  csv?: () => { name: string; bytes: Uint8Array };
}

export class Figure {
  readonly element: HTMLElement;
  readonly chart = new Chart();
  readonly cursor = new Cursor(this.chart);
  readonly #options: FigureOptions;
  readonly #title: HTMLElement;
  readonly #xLabel = h('div', { class: 'x-label' });
  readonly #foot = h('div', { class: 'figure-foot faint' });
  readonly #tools = h('div', { class: 'tools' });
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });
  readonly #legend = new Legend(() => {
    this.set(this.#picture);
  });
  readonly #reset: HTMLElement;
  #picture: Picture = emptyPicture;

  constructor(options: FigureOptions) {
    this.#options = options;
    this.#title = h('h3', {}, options.title);
    this.#reset = iconButton('screen-normal', text.chart.reset, () => {
      this.chart.zoom(null);
    });
    this.#addTools();
    setText(this.#xLabel, options.xLabel);
    this.element = h(
      'section',
      { class: 'figure', 'aria-label': options.title },
      h('header', {}, this.#title, this.#tools, this.#legend.element),
      this.chart.element,
      h('div', { class: 'figure-last' }, this.#foot, this.#xLabel),
      this.#table.element,
    );
    const plot = this.chart.element;
    plot.setAttribute('role', 'application');
    plot.setAttribute('aria-roledescription', text.chart.kind);
    plot.setAttribute('aria-label', options.title);
    plot.setAttribute('aria-description', text.chart.keys);
    interact(this.chart, this.cursor, options.wheel);
    this.chart.onDrawn = () => {
      this.cursor.place();
      show(this.#reset, this.chart.view !== null);
      this.#read();
    };
    this.cursor.onMove = () => {
      this.#read();
      if (document.activeElement === plot) announce(this.#speech());
    };
  }

  /** A sentence under the chart. */
  setFoot(words: string): void {
    setText(this.#foot, words);
  }

  /** What the chart shows now, in its head; its name stays. */
  setTitle(title: string): void {
    setText(this.#title, title);
  }

  set(picture: Picture, xLabel = this.#options.xLabel): void {
    this.#picture = picture;
    setText(this.#xLabel, xLabel);
    this.chart.set({ ...picture, lines: picture.lines.filter((line) => this.#legend.isShown(line)) });
  }

  #addTools(): void {
    const { onSave, csv, title } = this.#options;
    const picture = iconButton('device-camera', text.chart.savePicture, () => {
      void chartPicture(this.chart, this.#legend, title, this.#xLabel.textContent).then((bytes) => {
        onSave(`${title}.png`, bytes);
      });
    });
    this.#tools.append(this.#reset, this.#table.button, picture);
    if (!csv) return;
    this.#tools.append(
      iconButton('save', text.chart.saveTable, () => {
        const { name, bytes } = csv();
        onSave(name, bytes);
      }),
    );
  }

  /** Legend and table follow the cursor and the data. */
  #read(): void {
    const { x } = this.cursor;
    const last = readings(this.#picture.lines, null).reduce((most, one) => Math.max(most, one.x), -Infinity);
    const at = x ?? last;
    const place = Number.isFinite(at) ? this.#options.describeX(at) : '';
    this.#legend.set(this.#picture.lines, x, place, x === null ? '' : this.#happened(x).join('; '));
    this.#fillTable();
  }

  /** What is marked within a few pixels of `x`, of many the nearest. */
  #happened(x: number): string[] {
    const at = this.chart.xToPixel(x);
    return this.#picture.marks
      .filter((mark) => Math.abs(this.chart.xToPixel(mark.x) - at) <= 3)
      .toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))
      .slice(0, 3)
      .map((mark) => mark.text);
  }

  #speech(): string {
    const { x } = this.cursor;
    if (x === null) return '';
    const said = readings(this.chart.picture.lines, x).map(
      ({ line, value }) => `${line.group ? `${line.group} ` : ''}${line.label} ${exact(value)}`,
    );
    return [this.#options.describeX(x), ...said, ...this.#happened(x)].join(', ');
  }

  #fillTable(): void {
    this.#table.fill(() => this.#tableContent());
  }

  /** The points in sight of the line that has the most, and what the other lines hold at the same places. */
  #tableContent(): TableContent {
    const { lines } = this.chart.picture;
    const guide = lines.reduce<(typeof lines)[number] | undefined>(
      (most, line) => (most && most.curve.count >= line.curve.count ? most : line),
      undefined,
    );
    const { min, max } = this.chart.range;
    const [first, end] = guide ? indicesWithin(guide.curve, min, max) : [0, 0];
    return {
      caption: this.#options.title,
      columns: [
        this.#xLabel.textContent,
        ...lines.map((line) => (line.group ? `${line.group}: ${line.label}` : line.label)),
      ],
      rows: end - first,
      cell: (row, column) => {
        const x = guide?.curve.x[first + row] as number;
        if (column === 0) return this.#options.describeX(x);
        const line = lines[column - 1];
        const reading = line && readings([line], x)[0];
        return reading && reading.x === x ? exact(reading.value) : '';
      },
    };
  }
}
