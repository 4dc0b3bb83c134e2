import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fartherOf, flowOf, judge } from '../../../webview/data/flow.ts';

const norms = (...values: number[]) => Float32Array.from(values);
const repeated = (values: number[], times: number) =>
  Array.from({ length: times }, () => flowOf(norms(...values), false));

test('reach counts the steps back that keep 1 % of the largest norm', () => {
  const flow = flowOf(norms(0.001, 0.02, 0.3, 1), false);
  assert.equal(flow.reach, 2);
  assert.equal(flow.length, 4);
  assert.equal(flow.growth, 1);
});

test('a reverse layer goes the other way', () => {
  assert.equal(flowOf(norms(1, 0.3, 0.02, 0.001), true).reach, 2);
  assert.equal(flowOf(norms(1, 0.3, 0.02, 0.001), false).reach, 3);
});

test('the way back begins where the gradient does: zeros after the last loss term are no flow', () => {
  const flow = flowOf(norms(0.5, 1, 2, 0), false);
  assert.equal(flow.growth, 1);
  assert.equal(flow.reach, 3);
});

test('growth is told, also where it is endless', () => {
  assert.equal(flowOf(norms(300, 30, 3), false).growth, 100);
  const flow = flowOf(norms(1, NaN, 1), false);
  assert.deepEqual([flow.growth, flow.reach], [Infinity, 1]);
  assert.equal(flowOf(norms(0, 0), false).isAny, false);
});

test('of two states the one that carries farther counts', () => {
  const short = flowOf(norms(1e-6, 1e-4, 1), false);
  const long = flowOf(norms(0.5, 0.7, 1), false);
  assert.deepEqual(fartherOf(short, long).reach, 2);
  assert.deepEqual(fartherOf(long, flowOf(norms(0, 0, 0), false)), long);
});

test('vanishing, healthy, exploding', () => {
  assert.equal(judge(repeated([1e-4, 1e-3, 0.02, 1], 20)).verdict, 'vanishing');
  assert.equal(judge(repeated([0.5, 0.6, 0.8, 1], 20)).verdict, 'healthy');
  assert.equal(judge(repeated([900, 30, 3], 20)).verdict, 'exploding');
});

test('a tenth of the last hundred windows is enough to be called exploding', () => {
  const calm = repeated([1, 1, 1], 90);
  const wild = repeated([900, 30, 3], 10);
  assert.equal(judge([...calm, ...wild]).verdict, 'exploding');
  assert.equal(judge([...calm, ...wild.slice(1), ...repeated([1, 1, 1], 1)]).verdict, 'healthy');
  // Only the last hundred count.
  assert.equal(judge([...wild, ...calm, ...repeated([1, 1, 1], 10)]).verdict, 'healthy');
});

test('no verdict before ten windows, nor on windows of one step', () => {
  assert.equal(judge(repeated([1, 1], 9)).verdict, null);
  assert.equal(judge(repeated([1, 1], 10)).verdict, 'healthy');
  assert.equal(judge(repeated([1], 50)).verdict, null);
});
