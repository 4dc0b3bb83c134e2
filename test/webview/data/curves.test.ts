import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elapsed, epochEnds, inEpochs } from '../../../webview/data/axis.ts';
import { Column } from '../../../webview/data/column.ts';
import { RatioCurve } from '../../../webview/data/curve.ts';
import { nearest } from '../../../webview/data/search.ts';
import { SmoothedCurve } from '../../../webview/data/smooth.ts';
import { parameterNames, parseThroughTime } from '../../../webview/data/tags.ts';
import { chunkOf } from '../harness/chunks.ts';

function columnOf(values: number[], steps?: number[]): Column {
  const column = new Column();
  column.append(chunkOf(0, values, steps));
  return column;
}

test('smoothing weighs the first values in full and passes over what is not finite', () => {
  const column = columnOf([4, 2, NaN, 8]);
  const curve = new SmoothedCurve(0.5);
  curve.refresh(column, column.steps);
  // 2/0.5; (1 + 1)/0.75; a gap; (0.5·2 + 4)/0.875
  assert.deepEqual([...curve.y.subarray(0, 4)], [4, 2 / 0.75, NaN, 5 / 0.875].map(Math.fround));
});

test('smoothing piece by piece is smoothing at once', () => {
  const values = Array.from({ length: 300 }, (_, i) => Math.sin(i) + 2);
  const whole = columnOf(values);
  const [atOnce, piecewise] = [new SmoothedCurve(0.9), new SmoothedCurve(0.9)];
  atOnce.refresh(whole, whole.steps);
  const growing = new Column();
  for (let from = 0; from < values.length; from += 7) {
    growing.append(chunkOf(from, values.slice(from, from + 7)));
    piecewise.refresh(growing, growing.steps);
  }
  assert.deepEqual([...piecewise.y.subarray(0, 300)], [...atOnce.y.subarray(0, 300)]);
});

test('epochs count evenly within, and the one that goes on as long as the one before', () => {
  const epochs = columnOf([1, 2], [10, 30]);
  assert.deepEqual(epochEnds(epochs), [10, 30]);
  const steps = columnOf([0, 0, 0, 0, 0, 0], [0, 5, 10, 20, 30, 40]);
  assert.deepEqual([...(inEpochs(steps, epochs) ?? [])], [0, 0.5, 1, 1.5, 2, 2.5]);
  assert.equal(inEpochs(steps, new Column()), null);
});

test('time counts from the start of the run', () => {
  assert.deepEqual([...elapsed(columnOf([1, 2]), 1000)], [0.5, 1]);
});

test('update over weight, at the steps that both have', () => {
  const ratio = new RatioCurve();
  ratio.refresh(columnOf([1, 2, 3], [2, 4, 6]), columnOf([10, 10], [4, 6]));
  assert.equal(ratio.count, 2);
  assert.deepEqual([...ratio.x.subarray(0, 2)], [4, 6]);
  assert.deepEqual([...ratio.y.subarray(0, 2)], [0.2, 0.3].map(Math.fround));
  assert.equal(ratio.least, Math.fround(0.2));
});

test('the nearest point', () => {
  assert.deepEqual(
    [-5, 1, 1.4, 1.6, 9].map((x) => nearest([1, 2, 4], 3, x)),
    [0, 0, 0, 1, 2],
  );
  assert.equal(nearest([], 0, 1), -1);
});

test('tags of the gradient through time are read from both ends', () => {
  assert.deepEqual(parseThroughTime('bptt/encoder.rnn/l1_reverse/c'), {
    tag: 'bptt/encoder.rnn/l1_reverse/c',
    module: 'encoder.rnn',
    layer: 1,
    isReverse: true,
    state: 'c',
  });
  assert.equal(parseThroughTime('bptt/a/b\n</l0/h>/l0/h')?.module, 'a/b\n</l0/h>');
  assert.equal(parseThroughTime('grad/total'), null);
  assert.equal(parseThroughTime('bptt/rnn/h'), null);
});

test('parameters are those that have a weight', () => {
  assert.deepEqual(parameterNames(['grad/total', 'weight/a', 'grad/a', 'weight/b/c']), ['a', 'b/c']);
});
