// The heatmap of what is in sight with what stands around it: zoom, scale, what is under the cursor, the same as a table.
import type { TensorPart } from '../../protocol/inspect.ts';
import { SignedBar } from '../heatmap/signed-bar.ts';
import { SignedScale } from '../heatmap/signed-scale.ts';
import { announce } from '../ui/announce.ts';
import { h, setText, show } from '../ui/dom.ts';
import { count, exact } from '../ui/format.ts';
import { Segmented } from '../ui/segmented.ts';
import { TableToggle, type TableContent } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { iconButton } from '../ui/widgets.ts';
import { placeOn, type Axis } from './axes.ts';
import { magnitudes, tileAt, tileStretch, type Grid, type TileValue } from './grid.ts';
import { zoom } from './heatmap-hand.ts';
import { TensorHeatmap, type Cell } from './heatmap.ts';
import { sizeOf, stretchOf, withStretch } from './part.ts';

const words = text.tensors.heatmap;

export interface HeatContent {
  name: string;
  shape: readonly number[];
  part: TensorPart;
  rowAxis: Axis | null;
  columnAxis: Axis | null;
  /** What is drawn: a value or a difference; null while it is being read. */
  grid: Grid | null;
  /** Where the elements' colours end, and the largest magnitude there is; null: by what is drawn. */
  limits: { robust: number; largest: number } | null;
  isRobust: boolean;
  tileValue: TileValue;
  pick: Cell | null;
}

export class HeatSection {
  readonly element: HTMLElement;
  onPart: (part: TensorPart) => void = () => undefined;
  onPick: (pick: Cell | null) => void = () => undefined;
  readonly #map = new TensorHeatmap();
  readonly #bar = new SignedBar();
  readonly #scale: Segmented<'robust' | 'full'>;
  readonly #tiles: Segmented<TileValue>;
  readonly #whole: HTMLElement;
  readonly #rowName = h('div', { class: 'faint' });
  readonly #columnName = h('div', { class: 'x-label' });
  readonly #readout = h('div', { class: 'readout' });
  readonly #note = h('p', { class: 'faint' });
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });
  #content: HeatContent | null = null;

  constructor(onScale: (isRobust: boolean) => void, onTiles: (shown: TileValue) => void) {
    const { scale } = text.tensors;
    this.#scale = new Segmented(
      scale.label,
      [
        { value: 'robust', label: scale.robust },
        { value: 'full', label: scale.full },
      ],
      'robust',
      (value) => {
        onScale(value === 'robust');
      },
    );
    this.#tiles = new Segmented(
      words.tileChoice,
      [
        { value: 'mean', label: words.tileChoices.mean },
        { value: 'extreme', label: words.tileChoices.extreme },
      ],
      'mean',
      onTiles,
    );
    const map = this.#map;
    this.#whole = iconButton('screen-normal', words.whole, () => {
      map.zoomTo(null);
    });
    map.onView = (view) => {
      const content = this.#content;
      if (content) this.onPart(withStretch(content.part, content.shape, view));
    };
    map.onCell = () => {
      this.#read();
      if (document.activeElement === map.element) announce(this.#readout.textContent);
    };
    map.onPick = (pick) => {
      this.onPick(pick);
    };
    const by = (factor: number) => () => {
      zoom(map, factor);
    };
    this.element = h(
      'section',
      { class: 'heat-section' },
      h(
        'div',
        { class: 'controls' },
        h('label', { class: 'field' }, scale.label, this.#scale.element),
        this.#tiles.element,
        this.#bar.element,
        h(
          'div',
          { class: 'tools' },
          this.#whole,
          iconButton('zoom-in', words.zoomIn, by(0.5)),
          iconButton('zoom-out', words.zoomOut, by(2)),
          this.#table.button,
        ),
      ),
      this.#rowName,
      map.element,
      h('div', { class: 'time-foot' }, this.#readout, this.#columnName),
      this.#note,
      this.#table.element,
    );
  }

  set(content: HeatContent): void {
    this.#content = content;
    const { grid, part, shape, rowAxis, columnAxis, isRobust, tileValue } = content;
    // Tiles are of another size than elements: they have a scale of their own.
    const own = grid && (!grid.isExact || !content.limits) ? magnitudes(grid, tileValue) : null;
    const limits = own ?? content.limits ?? { robust: 1, largest: 1 };
    const scale = new SignedScale(isRobust && limits.robust > 0 ? limits.robust : limits.largest);
    this.#scale.set(isRobust ? 'robust' : 'full');
    this.#tiles.set(tileValue);
    show(this.#tiles.element, grid?.isExact === false);
    this.#bar.set(scale, limits.largest);
    show(this.#whole, part.rows !== null || part.columns !== null);
    setText(this.#rowName, rowAxis ? axisWords(rowAxis) : '');
    setText(this.#columnName, columnAxis ? axisWords(columnAxis) : '');
    const view = stretchOf(part, shape);
    const { name, pick } = content;
    this.#map.set({ grid, rowAxis, columnAxis, view, scale, shown: tileValue, pick, name });
    setText(this.#note, grid && !grid.isExact ? tileWords(grid, tileValue) : '');
    this.#read();
    this.#fillTable();
  }

  #read(): void {
    const { cell } = this.#map;
    const content = this.#content;
    if (!content) return;
    setText(this.#readout, cell ? cellWords(content, cell) : words.hint);
  }

  #fillTable(): void {
    this.#table.fill(() => (this.#content ? tableOf(this.#content) : noTable));
  }
}

const noTable: TableContent = { caption: '', columns: [], rows: 0, cell: () => '' };

const axisWords = ({ name, size }: Axis) => text.tensors.axes.sized(name, count(size));

const along = (axis: Axis | null, index: number) => (axis ? placeOn(axis, index) : '0');

function range(axis: Axis | null, [from, to]: [number, number]): string {
  return to - from === 1 ? along(axis, from) : `${along(axis, from)}–${along(axis, to - 1)}`;
}

function tileWords({ rows, columns, tileRows, tileColumns, mean, low }: Grid, shown: TileValue): string {
  const most = ([from, to]: [number, number], tiles: number) => count(Math.ceil((to - from) / tiles));
  const sizes = [most(rows, tileRows), most(columns, tileColumns)] as const;
  // A difference has nothing but means.
  return shown === 'mean' || low === mean ? words.tiles(...sizes) : words.extremes(...sizes);
}

/** What is under the cursor: an element, or the tile that it is in. */
function cellWords({ grid, rowAxis, columnAxis }: HeatContent, { row, column }: Cell): string {
  const r = grid ? tileAt(grid.rows, row, grid.tileRows) : -1;
  const c = grid ? tileAt(grid.columns, column, grid.tileColumns) : -1;
  if (!grid || r < 0 || c < 0) return words.cell(along(rowAxis, row), along(columnAxis, column), '…');
  const tile = r * grid.tileColumns + c;
  if (grid.isExact) {
    return words.cell(along(rowAxis, row), along(columnAxis, column), exact(grid.mean[tile] as number));
  }
  return `${words.tile(
    range(rowAxis, tileStretch(grid.rows, r, grid.tileRows)),
    range(columnAxis, tileStretch(grid.columns, c, grid.tileColumns)),
  )}: ${tileNumbers(grid, tile)}`;
}

function tileNumbers({ mean, low, high, nonFinite }: Grid, tile: number): string {
  const bad = nonFinite[tile] as number;
  const said: string[] = [];
  const [middle, least, most] = [mean, low, high].map((values) => values[tile] as number) as [
    number,
    number,
    number,
  ];
  if (!Number.isNaN(middle)) said.push(words.spread(exact(middle), exact(least), exact(most)));
  if (bad > 0) said.push(words.bad(count(bad)));
  return said.join(', ');
}

/** As many columns as are read side by side; of more, every tile has a line of its own. */
const mostColumns = 24;

function tableOf({ grid, rowAxis, columnAxis, name, part, shape }: HeatContent): TableContent {
  if (!grid) return noTable;
  const { tileRows, tileColumns } = grid;
  const rowPlace = (row: number) => range(rowAxis, tileStretch(grid.rows, row, tileRows));
  const columnPlace = (column: number) => range(columnAxis, tileStretch(grid.columns, column, tileColumns));
  const { rows } = sizeOf(part, shape);
  const rowHead = rows === 1 ? words.rows : (rowAxis?.name ?? words.rows);
  if (tileColumns <= mostColumns) {
    return {
      caption: name,
      columns: [rowHead, ...Array.from({ length: tileColumns }, (_, column) => columnPlace(column))],
      rows: tileRows,
      cell: (row, column) =>
        column === 0 ? rowPlace(row) : exact(grid.mean[row * tileColumns + column - 1] as number),
    };
  }
  const { value, low, high } = text.tensors.picks;
  const columnHead = columnAxis?.name ?? '';
  return {
    caption: name,
    columns: grid.isExact
      ? [rowHead, columnHead, value]
      : [rowHead, columnHead, words.tileChoices.mean, low, high],
    rows: tileRows * tileColumns,
    cell: (tile, column) => {
      if (column === 0) return rowPlace(Math.floor(tile / tileColumns));
      if (column === 1) return columnPlace(tile % tileColumns);
      return exact([grid.mean, grid.low, grid.high][column - 2]?.[tile] as number);
    },
  };
}
