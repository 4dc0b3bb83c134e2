// Rows and columns of a tensor in colour: zoomed down to cells, a cursor that reads them, a pick of one row and column.
import { fit, Pixels } from '../heatmap/canvas.ts';
import { SignedScale } from '../heatmap/signed-scale.ts';
import { type Area, within } from '../ui/area.ts';
import { h, onNextFrame, show } from '../ui/dom.ts';
import { onThemeChange } from '../ui/theme.ts';
import { text } from '../ui/text.ts';
import type { Axis } from './axes.ts';
import type { Grid, TileValue } from './grid.ts';
import { drawAxes } from './heatmap-axes.ts';
import { hand } from './heatmap-hand.ts';
import { paintGrid, writeValues } from './paint.ts';
import type { Stretch } from './part.ts';

const margin = { left: 48, right: 12, top: 8, bottom: 22 };
/** Of one row, and of all of them, in CSS pixels. */
const rowHeight = { least: 0, most: 28 };
const height = { least: 28, most: 320 };

export interface Cell {
  row: number;
  column: number;
}

export interface HeatmapContent {
  grid: Grid | null;
  /** Of the whole part: the axes that its rows and columns go along; null where there is one of them. */
  rowAxis: Axis | null;
  columnAxis: Axis | null;
  view: Stretch;
  scale: SignedScale;
  shown: TileValue;
  pick: Cell | null;
  name: string;
}

export class TensorHeatmap {
  readonly element = h('div', { class: 'tensor-heatmap', tabindex: 0, role: 'application' });
  cell: Cell | null = null;
  onCell: (cell: Cell | null) => void = () => undefined;
  onPick: (cell: Cell | null) => void = () => undefined;
  /** Null: all of it. */
  onView: (view: Stretch | null) => void = () => undefined;
  content: HeatmapContent | null = null;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #pixels = new Pixels();
  readonly #cursor = h('div', { class: 'heat-cursor', hidden: true });
  readonly #pickedRow = h('div', { class: 'heat-pick', hidden: true });
  readonly #pickedColumn = h('div', { class: 'heat-pick', hidden: true });
  readonly #refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor() {
    this.element.setAttribute('aria-roledescription', text.tensors.heatmap.kind);
    this.element.setAttribute('aria-description', text.tensors.heatmap.keys);
    this.element.append(this.#canvas, this.#pickedRow, this.#pickedColumn, this.#cursor);
    new ResizeObserver(this.#refresh).observe(this.element);
    onThemeChange(this.#refresh);
    hand(this);
  }

  set(content: HeatmapContent): void {
    this.content = content;
    const rows = content.view.rows[1] - content.view.rows[0];
    const wanted = Math.max(height.least, Math.min(height.most, rows * rowHeight.most));
    this.element.style.height = `${wanted + margin.top + margin.bottom}px`;
    this.element.setAttribute('aria-label', text.tensors.heatmap.name(content.name));
    if (this.cell && !this.#isThere(this.cell)) this.moveTo(null);
    this.#refresh();
  }

  /** What the axes frame, in CSS pixels from the element's corner. */
  get area(): Area {
    return within(this.element, margin);
  }

  get view(): Stretch {
    return this.content?.view ?? { rows: [0, 1], columns: [0, 1] };
  }

  /** All there is to be zoomed out to. */
  get whole(): Stretch {
    return {
      rows: [0, this.content?.rowAxis?.size ?? 1],
      columns: [0, this.content?.columnAxis?.size ?? 1],
    };
  }

  /** Shows a stretch at once, as far as it is known, and says so. @param view null: all of it */
  zoomTo(view: Stretch | null): void {
    if (this.content) this.content = { ...this.content, view: view ?? this.whole };
    this.#refresh();
    this.onView(view);
  }

  /** The cell under a place of the element, and how far into it. */
  at(x: number, y: number): { row: number; column: number } {
    const { left, top, width, height } = this.area;
    const { rows, columns } = this.view;
    return {
      row: rows[0] + ((y - top) / height) * (rows[1] - rows[0]),
      column: columns[0] + ((x - left) / width) * (columns[1] - columns[0]),
    };
  }

  moveTo(cell: Cell | null): void {
    const held = cell && this.#held(cell);
    if (held?.row === this.cell?.row && held?.column === this.cell?.column) return;
    this.cell = held;
    this.#place();
    this.onCell(held);
  }

  #held({ row, column }: Cell): Cell {
    const { rows, columns } = this.view;
    const clamp = (value: number, [from, to]: [number, number]) =>
      Math.max(from, Math.min(to - 1, Math.floor(value)));
    return { row: clamp(row, rows), column: clamp(column, columns) };
  }

  #isThere({ row, column }: Cell): boolean {
    const { rows, columns } = this.view;
    return row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1];
  }

  #draw(): void {
    const { content } = this;
    const surface = fit(this.#canvas, this.element.clientWidth, this.element.clientHeight);
    if (!surface || !content) return;
    const { ctx, ratio } = surface;
    const { left, top, width, height } = this.area;
    if (content.grid) {
      const image = this.#pixels.fit(width, height, ratio);
      paintGrid(image, content.grid, content.view, content.scale, content.shown);
      ctx.putImageData(image, Math.round(left * ratio), Math.round(top * ratio));
      writeValues(ctx, content.grid, content.view, content.scale, this.area);
    }
    drawAxes(ctx, this.area, content, this.element.clientWidth);
    this.#place();
  }

  #place(): void {
    const { cell } = this;
    const pick = this.content?.pick ?? null;
    const { rows, columns } = this.view;
    this.#frame(this.#cursor, cell && [cell.row, cell.row + 1], cell && [cell.column, cell.column + 1]);
    this.#frame(this.#pickedRow, pick && [pick.row, pick.row + 1], columns);
    this.#frame(this.#pickedColumn, rows, pick && [pick.column, pick.column + 1]);
  }

  /** A box around rows and columns as far as they are in sight. */
  #frame(box: HTMLElement, rowsOf: [number, number] | null, columnsOf: [number, number] | null): void {
    const { rows, columns } = this.view;
    const isSeen =
      rowsOf !== null &&
      columnsOf !== null &&
      rowsOf[0] < rows[1] &&
      rowsOf[1] > rows[0] &&
      columnsOf[0] < columns[1] &&
      columnsOf[1] > columns[0];
    show(box, isSeen);
    if (!isSeen) return;
    const { left, top, width, height } = this.area;
    const along = (
      [from, to]: [number, number],
      [first, end]: [number, number],
      start: number,
      size: number,
    ) => {
      const place = (index: number) => start + ((index - first) / (end - first)) * size;
      const [a, b] = [place(Math.max(from, first)), place(Math.min(to, end))];
      return [Math.floor(a), Math.max(3, Math.ceil(b) - Math.floor(a))] as const;
    };
    const [x, w] = along(columnsOf, columns, left, width);
    const [y, t] = along(rowsOf, rows, top, height);
    box.style.transform = `translate(${x}px, ${y}px)`;
    box.style.width = `${w}px`;
    box.style.height = `${t}px`;
  }
}
