import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInfo } from '../../../protocol/inspect.ts';
import { packDeltas } from '../../../protocol/deltas.ts';
import { Column } from '../../../webview/data/column.ts';
import { axesOf, placeOn } from '../../../webview/tensors/axes.ts';
import { choicesOf, matching } from '../../../webview/tensors/choices.ts';
import {
  cropped,
  difference,
  magnitudes,
  tileAt,
  tileStretch,
  type Grid,
} from '../../../webview/tensors/grid.ts';
import { linePart, stretchOf, wholePart, withAxis, withStretch } from '../../../webview/tensors/part.ts';
import { loggedLines, RidgeHistory } from '../../../webview/tensors/ridge-history.ts';

const owner = (className: string, attribute: string, hidden: number | null = null) => ({
  className,
  attribute,
  hidden,
});

test('the axes of a recurrent layer are named by its gates, of its own class or by its shapes', () => {
  const [rows, columns] = axesOf([80, 20], owner('LSTM', 'weight_hh_l0', 20));
  assert.deepEqual(rows?.blocks, ['i', 'f', 'g', 'o']);
  assert.equal(columns?.name, 'state');
  assert.equal(placeOn(rows, 0), 'i 0');
  assert.equal(placeOn(rows, 59), 'g 19');
  assert.deepEqual(axesOf([60], owner('GRUCell', 'bias_ih', 20))[0]?.blocks, ['r', 'z', 'n']);
  assert.deepEqual(axesOf([20, 8], owner('RNN', 'weight_ih_l1_reverse', 20))[0]?.blocks, []);
  assert.deepEqual(axesOf([60, 9], owner('MyCell', 'weight_ih', 20))[0]?.blocks, ['r', 'z', 'n']);
  // A plain RNN whose size happens to be three times another's is none the less plain.
  assert.deepEqual(axesOf([60, 20], owner('RNN', 'weight_hh_l0', 20))[0]?.blocks, []);
  assert.deepEqual(axesOf([10, 20], owner('LSTM', 'weight_hr_l0', 10))[0]?.blocks, []);
  assert.deepEqual(
    axesOf([4, 5], null).map(({ name }) => name),
    ['axis 0', 'axis 1'],
  );
  // The class says nothing of a tensor of another rank.
  assert.equal(axesOf([2, 2, 2], owner('Linear', 'weight'))[0]?.name, 'axis 0');
});

test('what is shown of a tensor at first: its two longest axes', () => {
  assert.deepEqual(wholePart([]), { rowAxis: null, columnAxis: null, at: [], rows: null, columns: null });
  assert.deepEqual(wholePart([7]).columnAxis, 0);
  const { rowAxis, columnAxis } = wholePart([2000, 1, 12]);
  assert.deepEqual([rowAxis, columnAxis], [0, 2]);
  const square = wholePart([3, 5, 5]);
  assert.deepEqual([square.rowAxis, square.columnAxis], [1, 2]);
});

test('axes trade places, and stretches stay within what there is', () => {
  const part = wholePart([2, 30, 40]);
  const swapped = withAxis(part, 'rowAxis', 2);
  assert.deepEqual([swapped.rowAxis, swapped.columnAxis], [2, 1]);
  const zoomed = withStretch(part, [2, 30, 40], { rows: [-3, 5], columns: [38, 44] });
  assert.deepEqual(stretchOf(zoomed, [2, 30, 40]), { rows: [0, 8], columns: [34, 40] });
  assert.deepEqual(withStretch(part, [2, 30, 40], { rows: [0, 99], columns: [0, 99] }), part);
  assert.deepEqual(linePart({ ...part, at: [1, 0, 0] }, 'row', 7), {
    rowAxis: null,
    columnAxis: 2,
    at: [1, 7, 0],
    rows: null,
    columns: null,
  });
});

test('an element lies in the tile whose stretch holds it', () => {
  for (const [size, tiles] of [
    [10, 3],
    [7, 7],
    [30_000, 128],
    [650, 256],
  ] as const) {
    const stretch: [number, number] = [5, 5 + size];
    for (let i = 5; i < 5 + size; i += Math.ceil(size / 500)) {
      const tile = tileAt(stretch, i, tiles);
      const [from, to] = tileStretch(stretch, tile, tiles);
      assert.ok(i >= from && i < to, `${i} of ${size} is not in ${from}–${to}`);
    }
    assert.equal(tileAt(stretch, 4, tiles), -1);
    assert.equal(tileAt(stretch, 5 + size, tiles), -1);
  }
});

function gridOver(
  rows: [number, number],
  columns: [number, number],
  value: (r: number, c: number) => number,
): Grid {
  const values: number[] = [];
  for (let r = rows[0]; r < rows[1]; r++)
    for (let c = columns[0]; c < columns[1]; c++) values.push(value(r, c));
  const nonFinite = values.map((one) => (Number.isFinite(one) ? 0 : 1));
  const [tileRows, tileColumns] = [rows[1] - rows[0], columns[1] - columns[0]];
  return {
    rows,
    columns,
    tileRows,
    tileColumns,
    isExact: true,
    mean: values,
    low: values,
    high: values,
    nonFinite,
  };
}

test('differences are element by element, over the same elements only', () => {
  const a = gridOver([0, 4], [0, 5], (r, c) => 10 * r + c);
  const b = gridOver([1, 3], [2, 4], (r, c) => (r === 2 && c === 3 ? NaN : r));
  assert.equal(difference(a, b), null);
  const part = cropped(a, b);
  assert.ok(part);
  const found = difference(part, b);
  assert.deepEqual(Array.from(found?.mean ?? []), [11, 12, 20, NaN]);
  assert.deepEqual(Array.from(found?.nonFinite ?? []), [0, 0, 0, 1]);
  assert.equal(cropped(b, a), null);
});

test('a lone outlier does not stretch the robust scale', () => {
  const grid = gridOver([0, 40], [0, 50], (r, c) => (r === 7 && c === 7 ? 1e6 : c / 50));
  const { robust, largest } = magnitudes(grid, 'mean');
  assert.equal(largest, 1e6);
  assert.ok(robust < 1);
});

test('a model is listed module by module, its tensors after each; without one, the names of the series are', () => {
  const tensor = (name: string) => ({
    name,
    kind: 'parameter' as const,
    shape: [2, 2],
    dtype: 'float32',
    requiresGrad: true,
    sameAs: null,
    line: null,
  });
  const module = (path: string, className: string) => ({ path, className, file: null, line: null });
  const model: ModelInfo = {
    version: 1,
    modules: [module('', 'Net'), module('rnn', 'LSTM'), module('head', 'Linear')],
    tensors: [tensor('head.weight'), tensor('scale'), tensor('rnn.weight_hh_l0'), tensor('lost.weight')],
    files: [],
  };
  const choices = choicesOf(model, []);
  assert.deepEqual(
    choices.map(({ name }) => name),
    ['', 'scale', 'rnn', 'rnn.weight_hh_l0', 'head', 'head.weight', 'lost.weight'],
  );
  assert.deepEqual(choices[3]?.owner, { className: 'LSTM', attribute: 'weight_hh_l0', hidden: 2 });
  assert.deepEqual(
    matching(choices, 'lstm').map(({ name }) => name),
    ['rnn'],
  );
  assert.deepEqual(
    choicesOf(null, ['a.b']).map(({ name, kind }) => [name, kind]),
    [['a.b', 'parameter']],
  );
});

test('of many steps some are kept, evenly and the last among them', () => {
  const history = new RidgeHistory();
  const bins = { low: 0, high: 1, below: 0, above: 0, counts: Float64Array.of(1) };
  const line = { bins, low: 0, high: 1, mean: 0.5 };
  for (let step = 1; step <= 1000; step++) history.add({ step, ...line });
  const steps = history.lines.map(({ step }) => step);
  assert.ok(steps.length > 8 && steps.length <= 24, String(steps));
  assert.equal(steps.at(-1), 1000);
  const gaps = new Set(steps.slice(1, -1).map((step, i) => step - (steps[i] as number)));
  assert.equal(gaps.size, 1, String(steps));
  history.add({ step: 3, ...line });
  assert.deepEqual(
    history.lines.map(({ step }) => step),
    [3],
  );
});

test('what a log keeps of a distribution is a line: 64 bins, and what lies outside on either side', () => {
  const inner = Array.from({ length: 64 }, (_, bin) => [bin, bin + 1, bin === 10 ? 6 : 0]);
  const lineOf = (...bins: number[][]) => {
    const logged = new Column();
    const values = Float32Array.from(bins.flat());
    logged.append({
      ...{
        from: 0,
        count: 1,
        total: 1,
        steps: packDeltas(Float64Array.of(101)),
        times: packDeltas(Float64Array.of(5)),
      },
      values: new Uint8Array(values.buffer),
      lengths: new Uint8Array(Uint32Array.of(values.length).buffer),
    });
    const [line] = loggedLines(logged);
    assert.ok(line);
    return line;
  };
  const whole = lineOf(...inner);
  assert.equal(whole.step, 101);
  assert.deepEqual([whole.bins.low, whole.bins.high, whole.bins.below, whole.bins.above], [0, 64, 0, 0]);
  assert.equal(whole.bins.counts[10], 6);
  assert.equal(whole.mean, 10.5);
  const below = lineOf([-80, 0, 2], ...inner);
  assert.deepEqual([below.bins.below, below.bins.above, below.bins.low, below.low], [2, 0, 0, -80]);
  const above = lineOf(...inner, [64, 90, 2]);
  assert.deepEqual([above.bins.below, above.bins.above, above.bins.high, above.high], [0, 2, 64, 90]);
  const both = lineOf([-80, 0, 1], ...inner, [64, 90, 2]);
  assert.deepEqual([both.bins.below, both.bins.above, both.bins.counts.length], [1, 2, 64]);
  // All at one value.
  const one = lineOf([3, 3, 7]);
  assert.deepEqual([one.bins.low, one.bins.high, [...one.bins.counts]], [3, 3, [7]]);
});

test('of many steps in a log few are lines, the last among them', () => {
  const logged = new Column();
  const count = 1000;
  const values = Float32Array.from({ length: 3 * count }, (_, i) => [0, 1, 5][i % 3] as number);
  logged.append({
    ...{ from: 0, count, total: count },
    steps: packDeltas(Float64Array.from({ length: count }, (_, i) => 1 + 100 * i)),
    times: packDeltas(Float64Array.from({ length: count }, (_, i) => i)),
    values: new Uint8Array(values.buffer),
    lengths: new Uint8Array(new Uint32Array(count).fill(3).buffer),
  });
  const lines = loggedLines(logged);
  assert.ok(lines.length > 12 && lines.length < 24, String(lines.length));
  assert.equal(lines.at(-1)?.step, 99_901);
});
