// A table of any length, a page at a time: what a chart shows, for those who would rather read it.
import { h, setAttribute, setText, show } from './dom.ts';
import { count } from './format.ts';
import { text } from './text.ts';
import { iconButton, setPressed } from './widgets.ts';

const pageRows = 50;

export interface TableContent {
  caption: string;
  columns: string[];
  rows: number;
  cell: (row: number, column: number) => string;
}

class PagedTable {
  readonly element: HTMLElement;
  readonly #table = h('table');
  readonly #place = h('span', { class: 'faint' });
  readonly #pager: HTMLElement;
  #content: TableContent = { caption: '', columns: [], rows: 0, cell: () => '' };
  #page = 0;

  constructor() {
    const go = (page: () => number) => () => {
      this.#page = page();
      this.#fill();
    };
    this.#pager = h(
      'div',
      { class: 'pager' },
      iconButton(
        'chevron-left',
        text.table.previous,
        go(() => this.#page - 1),
      ),
      iconButton(
        'chevron-right',
        text.table.next,
        go(() => this.#page + 1),
      ),
      iconButton(
        'arrow-down',
        text.table.last,
        go(() => Infinity),
      ),
      this.#place,
    );
    this.element = h(
      'div',
      { class: 'table', tabindex: 0, role: 'region', 'aria-label': text.table.name },
      this.#pager,
      this.#table,
    );
  }

  set(content: TableContent): void {
    this.#content = content;
    this.#fill();
  }

  #fill(): void {
    const { caption, columns, rows, cell } = this.#content;
    const pages = Math.max(1, Math.ceil(rows / pageRows));
    this.#page = Math.max(0, Math.min(this.#page, pages - 1));
    const first = this.#page * pageRows;
    const last = Math.min(rows, first + pageRows);
    setAttribute(this.#pager, 'hidden', pages === 1);
    setText(this.#place, text.table.place(count(first + 1), count(last), count(rows)));
    const body = h('tbody');
    for (let row = first; row < last; row++) {
      body.append(
        h(
          'tr',
          {},
          ...columns.map((_, column) =>
            column === 0 ? h('th', { scope: 'row' }, cell(row, column)) : h('td', {}, cell(row, column)),
          ),
        ),
      );
    }
    this.#table.replaceChildren(
      h('caption', {}, rows === 0 ? text.table.none : caption),
      h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name)))),
      body,
    );
  }
}

/** A button that shows a table beside a picture, and the table. */
export class TableToggle {
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  isOn = false;
  readonly #table = new PagedTable();

  /** @param onChange the table has come or gone */
  constructor(onChange: () => void) {
    this.element = this.#table.element;
    this.button = iconButton('table', text.chart.asTable, () => {
      this.isOn = !this.isOn;
      setPressed(this.button, this.isOn);
      show(this.element, this.isOn);
      onChange();
    });
    setPressed(this.button, false);
    show(this.element, false);
  }

  /** @param content asked for only where it is shown */
  fill(content: () => TableContent): void {
    if (this.isOn) this.#table.set(content());
  }
}
