import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countParameters,
  describeParameter,
  type ModelNode,
  modelNodes,
} from '../../extension/run/model-nodes.ts';

const parameter = (name: string, gradient: number | null = 0.5, norm = 2) => ({
  name,
  shape: [2, 3],
  norm,
  gradient,
});

/** The tree as text: a line a node, indented, "!" where something is wrong, "+" where it is further down. */
function drawn(nodes: ModelNode[], indent = ''): string[] {
  return nodes.flatMap(({ name, warning, children }) => [
    `${indent}${name}${warning ? (warning.isBelow ? ' +' : ' !') : ''}`,
    ...drawn(children, `${indent}  `),
  ]);
}

test('names spell the hierarchy; what is wrong shows in every module above', () => {
  const nodes = modelNodes({
    step: 3,
    parameters: [
      parameter('encoder.weight'),
      parameter('blocks.0.rnn.weight_hh_l0', Infinity),
      parameter('blocks.0.rnn.bias', null),
      parameter('blocks.1.weight'),
      parameter('scale', 0),
      // Nothing to be wrong.
      { ...parameter('empty', 0, 0), shape: [0, 3] },
    ],
    classes: {},
    verdicts: {},
  });
  assert.deepEqual(drawn(nodes), [
    'encoder',
    '  weight',
    'blocks +',
    '  0 +',
    '    rnn +',
    '      weight_hh_l0 !',
    '      bias !',
    '  1',
    '    weight',
    'scale !',
    'empty',
  ]);
  assert.equal(nodes[1]?.children[0]?.children[0]?.path, 'blocks.0.rnn');
  assert.equal(
    nodes.reduce((sum, node) => sum + countParameters(node), 0),
    6,
  );
});

test('a recurrent layer’s verdict stands at its module', () => {
  const [rnn] = modelNodes({
    step: 1,
    parameters: [parameter('rnn.weight_hh_l0')],
    classes: { rnn: 'LSTM' },
    verdicts: { 'rnn/l0': 'vanishing: the norm stays', 'rnn/l1': 'healthy: the norm stays' },
  });
  assert.deepEqual(rnn?.verdicts, ['l0: vanishing: the norm stays', 'l1: healthy: the norm stays']);
  assert.deepEqual(rnn.warning, { says: 'vanishing: the norm stays', isBelow: false });
});

test('a parameter in numbers', () => {
  assert.equal(describeParameter(parameter('w', 0.0412)), '[2, 3] · norm 2 · gradient 0.0412');
  assert.equal(describeParameter({ ...parameter('w', null), shape: null }), 'norm 2 · no gradient');
  assert.match(describeParameter(parameter('w', NaN)), /gradient nan$/);
});
