// Where the nodes of the unrolled graph stand: one a time step and layer (and direction), or one a group of time steps
// where they are too many for the width.
import type { ThroughTimeTag } from '../data/tags.ts';

export interface GraphLayer {
  tag: ThroughTimeTag;
  /** One a time step, in the input's order. */
  norms: Float32Array;
}

export interface GraphNode {
  row: number;
  /** Its time steps: `from` up to but not including `to`. */
  from: number;
  to: number;
  x: number;
  y: number;
  /** The largest norm of its time steps; NaN where one is not finite, null where there is none. */
  norm: number | null;
}

/** Along time within a layer: its gradient arrives at `at`. */
export interface TimeEdge {
  from: GraphNode;
  to: GraphNode;
  /** The node that the gradient arrives at. */
  at: GraphNode;
}

export interface GraphLayout {
  width: number;
  height: number;
  /** Row by row, in the order of time. */
  rows: { layer: GraphLayer; y: number; nodes: GraphNode[] }[];
  edges: TimeEdge[];
  /** From each layer's nodes to those above. */
  depths: [GraphNode, GraphNode][];
  radius: number;
  /** Time steps a node. */
  group: number;
  inputY: number;
  lossY: number;
  /** What is free beside the graph. */
  side: number;
  /** Where the first and the last column stand. */
  left: number;
  right: number;
}

const margin = { side: 136, narrow: 28, top: 24, bottom: 44 };
const spacing = { least: 22, most: 96, row: 64 };

/** @param span the time steps in sight */
export function layOutGraph(
  layers: readonly GraphLayer[],
  width: number,
  span: [from: number, to: number],
): GraphLayout {
  const [first, end] = span;
  const side = width < 720 ? margin.narrow : margin.side;
  const room = Math.max(spacing.least, width - 2 * side);
  const most = Math.max(1, Math.floor(room / spacing.least));
  const group = groupSize(end - first, most);
  const columns = Math.max(1, Math.ceil((end - first) / group));
  const step = columns === 1 ? 0 : Math.min(spacing.most, room / (columns - 1));
  const left = (width - step * (columns - 1)) / 2;
  const lossY = margin.top;
  const bottom = lossY + spacing.row * layers.length;
  const rows = layers.map((layer, row) => {
    const y = bottom - spacing.row * row;
    const nodes = Array.from({ length: columns }, (_, column): GraphNode => {
      const from = first + column * group;
      const to = Math.min(end, from + group);
      return { row, from, to, x: left + column * step, y, norm: largest(layer.norms, from, to) };
    });
    return { layer, y, nodes };
  });
  return {
    width,
    height: bottom + margin.bottom + 24,
    rows,
    edges: rows.flatMap(({ layer, nodes }) => timeEdges(nodes, layer.tag.isReverse)),
    depths: depthEdges(rows),
    radius: Math.min(14, Math.max(5, (step || spacing.most) * 0.22)),
    group,
    inputY: bottom + margin.bottom,
    lossY,
    side,
    left,
    right: left + step * (columns - 1),
  };
}

/** The least round size that needs at most `most` groups. */
function groupSize(steps: number, most: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const size of [unit, 2 * unit, 5 * unit]) if (Math.ceil(steps / size) <= most) return size;
  }
}

function largest(norms: Float32Array, from: number, to: number): number | null {
  let found: number | null = null;
  for (let t = from; t < Math.min(to, norms.length); t++) {
    const norm = norms[t] as number;
    if (!Number.isFinite(norm)) return NaN;
    if (found === null || norm > found) found = norm;
  }
  return found;
}

/** Forward in time the state goes from one node to the next; the gradient goes the other way. */
function timeEdges(nodes: readonly GraphNode[], isReverse: boolean): TimeEdge[] {
  return nodes.slice(1).map((late, i) => {
    const early = nodes[i] as GraphNode;
    return isReverse ? { from: late, to: early, at: late } : { from: early, to: late, at: early };
  });
}

/** Both directions of a layer lead to both of the next. */
function depthEdges(rows: GraphLayout['rows']): [GraphNode, GraphNode][] {
  return rows.flatMap((below) =>
    rows
      .filter(({ layer }) => layer.tag.layer === below.layer.tag.layer + 1)
      .flatMap((above) =>
        below.nodes.map((node, i): [GraphNode, GraphNode] => [node, above.nodes[i] as GraphNode]),
      ),
  );
}
