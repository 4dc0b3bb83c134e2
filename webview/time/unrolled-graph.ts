// The unrolled graph of a window, one a module: nodes a time step and layer, edges as wide and coloured as the gradient
// that flows back along them, the place where it ends, the state that comes in, the inputs and the loss.
import type { LogScale } from '../heatmap/log-scale.ts';
import { announce } from '../ui/announce.ts';
import { h, onNextFrame, setAttribute, setText, show, svg } from '../ui/dom.ts';
import { count, exact, percent } from '../ui/format.ts';
import { TableToggle } from '../ui/table.ts';
import { text } from '../ui/text.ts';
import { onThemeChange } from '../ui/theme.ts';
import { Button } from '../ui/widgets.ts';
import { layOutGraph, type GraphLayer, type GraphLayout, type GraphNode } from './graph-layout.ts';
import { drawGraph, paintGraph, type GraphParts } from './graph-svg.ts';

export class UnrolledGraph {
  readonly element: HTMLElement;
  readonly #frame = h('div', { class: 'graph-frame' });
  readonly #svg = svg('svg', { class: 'graph', role: 'application', tabindex: 0 });
  readonly #detail = h('p', { class: 'readout' });
  readonly #note = h('p', { class: 'faint' });
  readonly #whole: Button;
  readonly #table = new TableToggle(() => {
    this.#fillTable();
  });
  #layers: readonly GraphLayer[] = [];
  #scale: LogScale | null = null;
  #state: 'h' | 'c' = 'h';
  /** The share of windows whose state came from the window before; null where it is not recorded. */
  #carried: number | null = null;
  /** The time steps in sight; null: all. */
  #span: [number, number] | null = null;
  #node: { row: number; from: number } | null = null;
  #layout: GraphLayout | null = null;
  #parts: GraphParts | null = null;
  #drawn = '';
  readonly #refresh = onNextFrame(() => {
    this.#draw();
  });

  constructor(title: string) {
    this.#whole = new Button({
      label: text.time.graph.whole,
      icon: 'screen-normal',
      onClick: () => {
        this.#open(null);
      },
    });
    this.#svg.setAttribute('aria-roledescription', text.time.graph.kind);
    this.#svg.setAttribute('aria-label', title);
    this.#svg.setAttribute('aria-description', text.time.graph.keys);
    this.#frame.append(this.#svg);
    this.element = h(
      'section',
      { class: 'graph-section', 'aria-label': title },
      h(
        'header',
        {},
        h('h3', { class: 'code', title }, title),
        this.#whole.element,
        h('div', { class: 'tools' }, this.#table.button),
      ),
      this.#frame,
      this.#detail,
      this.#note,
      this.#table.element,
    );
    new ResizeObserver(this.#refresh).observe(this.#frame);
    onThemeChange(this.#refresh);
    this.#svg.addEventListener('keydown', (event) => {
      this.#key(event);
    });
    this.#svg.addEventListener('pointermove', (event) => {
      this.#choose(this.#nodeOf(event.target));
    });
    this.#svg.addEventListener('click', (event) => {
      const node = this.#nodeOf(event.target);
      if (node) this.#enter(node);
    });
  }

  set(layers: readonly GraphLayer[], scale: LogScale, state: 'h' | 'c', carried: number | null): void {
    this.#layers = layers;
    this.#scale = scale;
    this.#state = state;
    this.#carried = carried;
    this.#refresh();
  }

  get #steps(): number {
    return Math.max(0, ...this.#layers.map(({ norms }) => norms.length));
  }

  #draw(): void {
    const width = this.#frame.clientWidth;
    const steps = this.#steps;
    show(this.element, steps > 0);
    if (width < 20 || steps === 0 || !this.#scale) return;
    if (this.#span && this.#span[1] > steps) this.#span = null;
    const layout = layOutGraph(this.#layers, width, this.#span ?? [0, steps]);
    this.#layout = layout;
    const shape = JSON.stringify([
      width,
      this.#span,
      steps,
      this.#carried,
      this.#layers.map(({ tag }) => tag),
    ]);
    if (shape !== this.#drawn) {
      this.#drawn = shape;
      this.#parts = drawGraph(this.#svg, layout, this.#carried);
    }
    if (this.#parts) paintGraph(this.#parts, layout, this.#scale);
    show(this.#whole.element, this.#span !== null);
    const grouped = layout.group > 1 ? `${text.time.graph.grouped(count(layout.group))} ` : '';
    setText(this.#note, grouped + text.time.graph.note);
    this.#tell();
    this.#fillTable();
  }

  /** Every time step in a row, every layer in a column. */
  #fillTable(): void {
    const layers = this.#layers;
    this.#table.fill(() => ({
      caption: text.time.unit(this.#state),
      columns: [
        text.time.timeStep,
        ...layers.map(({ tag }) => text.time.graph.row(String(tag.layer), tag.isReverse)),
      ],
      rows: this.#steps,
      cell: (t, column) => {
        if (column === 0) return String(t);
        const norm = layers[column - 1]?.norms[t];
        return norm === undefined ? '' : exact(norm);
      },
    }));
  }

  #nodeOf(target: EventTarget | null): GraphNode | null {
    if (!(target instanceof SVGElement) || !this.#layout) return null;
    const { row, column } = target.dataset;
    if (row === undefined || column === undefined) return null;
    return this.#layout.rows[Number(row)]?.nodes[Number(column)] ?? null;
  }

  #choose(node: GraphNode | null): void {
    if (!node) return;
    this.#node = { row: node.row, from: node.from };
    this.#tell();
  }

  /** A group is opened; a single time step has nothing inside. */
  #enter(node: GraphNode): void {
    if (node.to - node.from > 1) this.#open([node.from, node.to]);
  }

  #open(span: [number, number] | null): void {
    this.#span = span;
    this.#node = null;
    this.#refresh();
  }

  #key(event: KeyboardEvent): void {
    const layout = this.#layout;
    if (!layout) return;
    const row = this.#node?.row ?? 0;
    const nodes = layout.rows[row]?.nodes ?? [];
    const column = this.#node ? nodes.findIndex(({ from }) => from === this.#node?.from) : nodes.length - 1;
    const to = (r: number, c: number) => {
      this.#choose(layout.rows[r]?.nodes[c] ?? layout.rows[row]?.nodes[column] ?? null);
      announce(this.#detail.textContent);
    };
    const moves: Record<string, () => void> = {
      ArrowLeft: () => {
        to(row, column - (this.#node ? 1 : 0));
      },
      ArrowRight: () => {
        to(row, column + 1);
      },
      ArrowUp: () => {
        to(row + 1, column);
      },
      ArrowDown: () => {
        to(row - 1, column);
      },
      Home: () => {
        to(row, 0);
      },
      End: () => {
        to(row, nodes.length - 1);
      },
      Enter: () => {
        const node = nodes[column];
        if (node) this.#enter(node);
      },
    };
    if (event.key === 'Escape' && this.#span) {
      event.stopPropagation();
      this.#open(null);
      return;
    }
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  /** The chosen node's numbers. */
  #tell(): void {
    const layout = this.#layout;
    const chosen = this.#node;
    const rowOf = chosen ? layout?.rows[chosen.row] : undefined;
    const node = rowOf?.nodes.find(({ from }) => from === chosen?.from);
    for (const circle of this.#svg.querySelectorAll<SVGElement>('[data-row]')) {
      const isChosen = node !== undefined && this.#nodeOf(circle) === node;
      setAttribute(circle, 'data-chosen', isChosen);
    }
    if (!node || !rowOf) {
      setText(this.#detail, text.time.graph.choose);
      return;
    }
    const { tag, norms } = rowOf.layer;
    const name = text.time.layer(tag.module, String(tag.layer), tag.isReverse);
    const unit = text.time.unit(this.#state);
    const said = [text.time.node(name, String(node.from), String(node.to - 1))];
    const within = [...norms.subarray(node.from, node.to)];
    const largest = Math.max(...[...norms].filter(Number.isFinite));
    const [most, least] = [Math.max(...within), Math.min(...within)];
    if (within.length === 0) said.push('–');
    else if (within.length === 1) said.push(`${unit} = ${exact(most)}`);
    else said.push(text.time.graph.between(unit, exact(least), exact(most)));
    if (largest > 0 && Number.isFinite(most)) said.push(text.time.graph.share(percent(most / largest)));
    setText(this.#detail, said.join(' · '));
  }
}
