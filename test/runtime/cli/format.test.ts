import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, fixed, number, sparkline, table } from '../../../runtime/cli/format.ts';
import { lineChart, logBars } from '../../../runtime/cli/plot.ts';
import { History, Status } from '../../../runtime/cli/status.ts';

test('numbers keep four digits', () => {
  assert.deepEqual([0, 1.23456, -0.012345, 123456, 1e7, 1e-5, NaN, -Infinity].map(number), [
    '0',
    '1.235',
    '-0.01235',
    '123500',
    '1.00e+7',
    '1.00e-5',
    'nan',
    '-inf',
  ]);
  assert.deepEqual([1, 0.119, 2e-9].map(fixed), ['1.000', '0.1190', '2.00e-9']);
  assert.deepEqual([12, 8e9].map(bytes), ['12 B', '8 GB']);
  assert.deepEqual([3.25, 61, 7322].map(duration), ['3.3 s', '1 min 01 s', '2 h 02 min']);
});

test('a sparkline spans from the lowest to the highest, and marks what is no number', () => {
  assert.equal(sparkline([0, 7, 3.5, NaN]), '▁█▅!');
  assert.equal(sparkline([2, 2]), '▁▁');
  assert.equal(sparkline([]), '');
});

test('numbers stand to the right, names to the left', () => {
  assert.equal(
    table([
      ['run', 'loss'],
      ['20261103-a', '12'],
      ['b', '1.5'],
    ]),
    'run         loss\n20261103-a    12\nb            1.5',
  );
});

test('a line chart shows the ends of its axes and its line', () => {
  const points = [0, 1, 2, 3, 4].map((i) => ({ x: i * 10, y: i }));
  const lines = lineChart(points, 25, 2, 'steps').split('\n');
  assert.equal(lines[0]?.slice(0, 11), '         4 ');
  assert.equal(lines[1]?.slice(0, 11), '         0 ');
  assert.equal(lines[2], '           0   steps   40');
  assert.match(lines[1], /^ {9}0 [⠁-⣿]+$/);
  assert.equal(lineChart([{ x: 1, y: NaN }], 25, 2, 'steps'), '  (no finite value)');
});

test('a spike of one point among a hundred thousand is drawn', () => {
  const flat = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 54_321 ? 1 : 0 }));
  const [top = ''] = lineChart(flat, 60, 4, 'steps').split('\n');
  assert.match(top.slice(11), /[⠁-⣿]/);
});

test('bars follow the logarithm', () => {
  const [top, bottom] = logBars([0.01, 0.1, 1, 0, NaN], 30, 2, 't').split('\n');
  // Three columns a value: the tenth is half as high as the whole, the hundredth just there.
  assert.equal(top, '         1    ▁▁▁███   !!!');
  assert.equal(bottom, '      0.01 ▁▁▁██████   !!!');
  assert.equal(logBars([0, 0], 30, 2, 't'), '  (nothing above zero)');
});

test('more time steps than columns share bars by their largest', () => {
  const values = Array.from({ length: 1000 }, (_, t) => (t === 777 ? 100 : 1));
  const [top = ''] = logBars(values, 60, 3, 't').split('\n');
  assert.ok(top.length <= 60);
  assert.match(top, /█/);
});

test('a history of any length keeps its mean and its room', () => {
  const history = new History(8);
  for (let i = 0; i < 4096; i++) history.add(i);
  assert.ok(history.values.length >= 8 && history.values.length < 16);
  const mean = history.values.reduce((sum, value) => sum + value, 0) / history.values.length;
  assert.ok(Math.abs(mean - 2047.5) < 300);
  assert.deepEqual(
    history.values,
    [...history.values].sort((a, b) => a - b),
  );
});

test('the status line says where the training stands and never exceeds its width', () => {
  const status = new Status();
  assert.equal(status.line(80), null);
  status.add(
    [1, 2, 3].map((step) => ({
      kind: 'step' as const,
      step,
      wallTime: 100 + step / 10,
      scalars: { 'loss/train': 4 - step, 'grad/total': 0.5 },
      vectors: {},
    })),
  );
  assert.equal(status.line(80), 'step 3  loss 1.000  gradient norm 0.5000  10.00 steps/s  █▅▁');
  assert.equal(status.line(20), 'step 3  loss 1.000');
  for (let width = 0; width < 80; width++) assert.ok((status.line(width) ?? '').length <= width);
});
