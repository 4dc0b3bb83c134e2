// The unrolled graph in SVG: drawn once for a layout, painted again with every step.
import type { LogScale } from '../heatmap/log-scale.ts';
import { setAttribute, svg } from '../ui/dom.ts';
import { percent } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { theme } from '../ui/theme.ts';
import type { GraphLayout, GraphNode } from './graph-layout.ts';

/** Widths of an edge in pixels, from the foot of the scale to its top. */
const edgeWidth = { least: 1, most: 8 };
/** The least distance of two labels under the graph. */
const labelSpacing = 40;

export interface GraphParts {
  edges: SVGElement[];
  nodes: Map<string, SVGElement>;
}

const nodeKey = ({ row, from }: GraphNode) => `${row} ${from}`;

export function drawGraph(root: SVGSVGElement, layout: GraphLayout, carried: number | null): GraphParts {
  const { width, height, radius } = layout;
  root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  root.setAttribute('width', String(width));
  root.setAttribute('height', String(height));
  const line = (x1: number, y1: number, x2: number, y2: number, name: string) =>
    svg('line', { x1, y1, x2, y2, class: name });
  const plain = svg('g');
  for (const [below, above] of layout.depths)
    plain.append(line(below.x, below.y, above.x, above.y, 'graph-plain'));
  drawInputsAndLoss(plain, layout, line);
  const boundaries = svg('g');
  for (const { layer, y } of layout.rows) drawBoundary(boundaries, layout, layer.tag.isReverse, y, carried);
  const edges = layout.edges.map(({ from, to }) => line(from.x, from.y, to.x, to.y, 'graph-edge'));
  const under = layout.edges.map(({ from, to }) => line(from.x, from.y, to.x, to.y, 'graph-plain'));
  const arrows = layout.edges.flatMap((edge) => drawArrow(edge.from, edge.to, edge.at, radius) ?? []);
  const nodes = new Map<string, SVGElement>();
  const circles = layout.rows.flatMap((row, r) =>
    row.nodes.map((node, column) => {
      const circle = svg('circle', {
        cx: node.x,
        cy: node.y,
        r: radius,
        class: 'graph-node',
        'data-row': r,
        'data-column': column,
      });
      nodes.set(nodeKey(node), circle);
      return circle;
    }),
  );
  root.replaceChildren(
    hatchPattern(),
    plain,
    boundaries,
    ...under,
    ...edges,
    ...arrows,
    ...circles,
    ...labels(layout),
    ...rowLabels(layout),
  );
  return { edges, nodes };
}

export function paintGraph({ edges, nodes }: GraphParts, layout: GraphLayout, scale: LogScale): void {
  for (const [i, { at }] of layout.edges.entries()) {
    const edge = edges[i];
    if (!edge) continue;
    const { norm } = at;
    const place = norm === null ? 0 : Number.isNaN(norm) ? 1 : scale.place(norm);
    setAttribute(
      edge,
      'stroke-width',
      (edgeWidth.least + place * (edgeWidth.most - edgeWidth.least)).toFixed(2),
    );
    setAttribute(edge, 'stroke', paint(norm, scale, 'none'));
  }
  for (const { nodes: row } of layout.rows) {
    for (const node of row) {
      const circle = nodes.get(nodeKey(node));
      if (circle) setAttribute(circle, 'fill', paint(node.norm, scale, theme().background));
    }
  }
}

function paint(norm: number | null, scale: LogScale, none: string): string {
  if (norm === null) return none;
  return Number.isNaN(norm) ? 'url(#graph-hatch)' : scale.css(norm);
}

function hatchPattern(): SVGElement {
  const { nonFinite, background } = theme();
  return svg(
    'defs',
    {},
    svg(
      'pattern',
      {
        id: 'graph-hatch',
        width: 6,
        height: 6,
        patternUnits: 'userSpaceOnUse',
        patternTransform: 'rotate(45)',
      },
      svg('rect', { width: 6, height: 6, fill: background }),
      svg('rect', { width: 3, height: 6, fill: nonFinite }),
    ),
  );
}

/** A small head in the middle, towards where the gradient goes; none where nodes stand close. */
function drawArrow(from: GraphNode, to: GraphNode, at: GraphNode, radius: number): SVGElement | null {
  if (Math.abs(to.x - from.x) < 4 * radius + 16) return null;
  const middle = (from.x + to.x) / 2;
  const sign = at.x < middle ? -1 : 1;
  const points = `${middle + sign * 5},${at.y} ${middle - sign * 4},${at.y - 5} ${middle - sign * 4},${at.y + 5}`;
  return svg('polygon', { points, class: 'graph-arrow' });
}

type DrawLine = (x1: number, y1: number, x2: number, y2: number, name: string) => SVGElement;

function drawInputsAndLoss(into: SVGElement, layout: GraphLayout, line: DrawLine): void {
  const { rows, inputY, lossY, radius, left, right } = layout;
  const depths = rows.map(({ layer }) => layer.tag.layer);
  const [least, most] = [Math.min(...depths), Math.max(...depths)];
  for (const { layer, nodes } of rows) {
    for (const node of nodes) {
      if (layer.tag.layer === least)
        into.append(line(node.x, node.y + radius, node.x, inputY - 12, 'graph-plain'));
      if (layer.tag.layer === most) into.append(line(node.x, node.y - radius, node.x, lossY, 'graph-plain'));
    }
  }
  into.append(line(left - radius, lossY, right + radius, lossY, 'graph-loss'));
  into.append(
    svg(
      'text',
      { x: (left + right) / 2, y: lossY - 8, class: 'graph-label', 'text-anchor': 'middle' },
      text.time.graph.loss,
    ),
  );
}

/** Where the gradient ends: before the first time step, for a reverse layer after the last. */
function drawBoundary(
  into: SVGElement,
  { left, right, radius, side }: GraphLayout,
  isReverse: boolean,
  y: number,
  carried: number | null,
): void {
  const sign = isReverse ? 1 : -1;
  const start = isReverse ? right : left;
  const x = start + sign * Math.min(side - 8, radius + 12);
  into.append(
    svg('line', { x1: x, y1: y - 22, x2: x, y2: y + 22, class: 'graph-boundary' }),
    svg('line', {
      x1: start + sign * (side - 4),
      y1: y,
      x2: start + sign * radius,
      y2: y,
      class: 'graph-carried',
    }),
  );
  if (side < 72) return;
  const end = x + sign * 4;
  const anchor = isReverse ? 'start' : 'end';
  const { state, anew, initial, ends } = text.time.graph;
  const said = carried === null ? initial : carried >= 0.005 ? state(percent(carried)) : anew;
  into.append(
    svg('text', { x: end, y: y - 8, class: 'graph-label', 'text-anchor': anchor }, said),
    svg('text', { x: end, y: y + 18, class: 'graph-label', 'text-anchor': anchor }, ends),
  );
}

/** Which layer a row is: on the side that its state does not come from, or above where there is no room. */
function rowLabels({ rows, left, right, side, radius }: GraphLayout): SVGElement[] {
  return rows.map(({ layer: { tag }, y }) => {
    const hasRoom = side >= 72;
    const isLeft = tag.isReverse || !hasRoom;
    const x = isLeft ? left - (hasRoom ? radius + 8 : radius) : right + radius + 8;
    return svg(
      'text',
      {
        x,
        y: hasRoom ? y + 4 : y - radius - 6,
        class: 'graph-label',
        'text-anchor': isLeft && hasRoom ? 'end' : 'start',
      },
      text.time.graph.row(String(tag.layer), tag.isReverse),
    );
  });
}

/** Time steps under their columns, as many as have room. */
function labels({ rows, inputY }: GraphLayout): SVGElement[] {
  const nodes = rows[0]?.nodes ?? [];
  const [a, b] = nodes;
  const gap = a && b ? b.x - a.x : labelSpacing;
  const isGrouped = nodes.some(({ from, to }) => to - from > 1);
  const every = Math.max(1, Math.ceil((isGrouped ? 1.5 : 1) * (labelSpacing / gap)));
  return nodes
    .filter((_, i) => i % every === 0)
    .map((node) =>
      svg(
        'text',
        { x: node.x, y: inputY + 6, class: 'graph-label', 'text-anchor': 'middle' },
        node.to - node.from > 1
          ? `${node.from}–${node.to - 1}`
          : gap >= 56
            ? `x, t = ${node.from}`
            : String(node.from),
      ),
    );
}
