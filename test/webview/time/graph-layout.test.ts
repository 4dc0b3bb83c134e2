import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOutGraph, type GraphLayer } from '../../../webview/time/graph-layout.ts';

const layer = (depth: number, steps: number, isReverse = false): GraphLayer => ({
  tag: { tag: '', module: 'rnn', layer: depth, isReverse, state: 'h' },
  norms: Float32Array.from({ length: steps }, (_, t) => t + 1),
});

test('a node a time step and layer, deeper layers above', () => {
  const { rows, group, edges, depths } = layOutGraph([layer(0, 5), layer(1, 5)], 900, [0, 5]);
  assert.equal(group, 1);
  assert.deepEqual(
    rows.map(({ nodes }) => nodes.map(({ norm }) => norm)),
    [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ],
  );
  assert.ok((rows[0]?.y ?? 0) > (rows[1]?.y ?? 0));
  assert.equal(edges.length, 8);
  assert.equal(depths.length, 5);
});

test('the gradient arrives at the earlier node; in a reverse layer at the later', () => {
  const [forward] = layOutGraph([layer(0, 3)], 900, [0, 3]).edges;
  assert.deepEqual([forward?.from.from, forward?.to.from, forward?.at.from], [0, 1, 0]);
  const [reverse] = layOutGraph([layer(0, 3, true)], 900, [0, 3]).edges;
  assert.deepEqual([reverse?.from.from, reverse?.to.from, reverse?.at.from], [1, 0, 1]);
});

test('long windows are grouped, with the largest norm of each group, and fit', () => {
  for (const width of [240, 480, 1000]) {
    const { rows, group, left, right } = layOutGraph([layer(0, 512)], width, [0, 512]);
    const nodes = rows[0]?.nodes ?? [];
    assert.ok(group > 1);
    assert.ok(left >= 0 && right <= width, `${left} to ${right} of ${width}`);
    assert.equal(nodes.at(-1)?.to, 512);
    assert.deepEqual(
      nodes.map(({ norm }) => norm),
      nodes.map(({ to }) => to),
    );
    for (const [i, node] of nodes.slice(1).entries()) assert.ok(node.x - (nodes[i]?.x ?? 0) >= 22 - 1e-9);
  }
});

test('a group can be opened', () => {
  const { rows, group } = layOutGraph([layer(0, 512)], 900, [20, 40]);
  assert.equal(group, 1);
  assert.deepEqual([rows[0]?.nodes[0]?.from, rows[0]?.nodes.at(-1)?.to], [20, 40]);
});

test('what is not finite or not there is told apart', () => {
  const its = layer(0, 4);
  its.norms[1] = NaN;
  const short = { ...layer(1, 4), norms: Float32Array.of(1, 2) };
  const { rows } = layOutGraph([its, short], 900, [0, 4]);
  assert.deepEqual(
    rows.map(({ nodes }) => nodes.map(({ norm }) => norm)),
    [
      [1, NaN, 3, 4],
      [1, 2, null, null],
    ],
  );
});

test('one time step is one node', () => {
  const { rows, edges } = layOutGraph([layer(0, 1)], 240, [0, 1]);
  assert.equal(rows[0]?.nodes.length, 1);
  assert.equal(edges.length, 0);
});
