import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorAnswer, TensorQuestion } from '../../../protocol/inspect.ts';
import { pythonLiteral } from '../../../webview/tensors/literal.ts';
import { npyOf } from '../../../webview/tensors/npy.ts';
import { numbersOf } from '../../../webview/tensors/elements.ts';
import { wholePart } from '../../../webview/tensors/part.ts';
import { literalOf, npyFile, piecesOf } from '../../../webview/tensors/take-out.ts';
import { MadeTensors, type MadeTensor } from '../harness/tensors.ts';

const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
const silent = () => undefined;

test('cells of every dtype are read as numbers', () => {
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000);
  assert.deepEqual(
    [...numbersOf(bytes(half), 'float16')],
    [1, -2, 2 ** -24, 65504, Infinity, -Infinity, NaN, -0],
  );
  const brain = Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0001);
  assert.deepEqual([...numbersOf(bytes(brain), 'bfloat16')], [1, -3, Infinity, 2 ** -133]);
  assert.deepEqual([...numbersOf(bytes(BigInt64Array.of(-5n, 2n ** 40n)), 'int64')], [-5, 2 ** 40]);
  assert.deepEqual([...numbersOf(Uint8Array.of(0, 1), 'bool')], [0, 1]);
  assert.throws(() => numbersOf(new Uint8Array(8), 'complex64'), /complex64/);
});

test('a literal is what Python reads back, bit for bit', () => {
  const floats = Float32Array.of(0.1, -2, 1e-8, NaN, Infinity, -Infinity, -0, 3.4028235e38);
  assert.equal(
    pythonLiteral(bytes(floats), 'float32', [8]),
    "torch.tensor([0.1, -2.0, 1e-8, float('nan'), float('inf'), -float('inf'), -0.0, 3.4028235e+38], dtype=torch.float32)",
  );
  assert.equal(
    pythonLiteral(bytes(Float64Array.of(0.1, 1 / 3)), 'float64', [2, 1]),
    'torch.tensor([[0.1],\n              [0.3333333333333333]], dtype=torch.float64)',
  );
  const large = BigInt64Array.of(9007199254740993n);
  assert.equal(pythonLiteral(bytes(large), 'int64', []), 'torch.tensor(9007199254740993, dtype=torch.int64)');
  assert.equal(
    pythonLiteral(Uint8Array.of(1, 0), 'bool', [1, 2]),
    'torch.tensor([[True, False]], dtype=torch.bool)',
  );
});

test('a NumPy file has its head in whole blocks and the elements behind it', () => {
  for (const [shape, said] of [
    [[2, 3], '(2, 3)'],
    [[6], '(6,)'],
    [[], '()'],
    [[0, 5], '(0, 5)'],
  ] as const) {
    const values = Float32Array.from({ length: shape.reduce((a: number, b) => a * b, 1) }, (_, i) => i / 3);
    const file = npyOf('float32', shape, [bytes(values)]);
    assert.deepEqual([...file.slice(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const length = (file[8] as number) + 256 * (file[9] as number);
    assert.equal((10 + length) % 64, 0);
    const head = new TextDecoder().decode(file.slice(10, 10 + length));
    assert.match(head, /^\{.*\} *\n$/);
    assert.ok(head.startsWith(`{'descr': '<f4', 'fortran_order': False, 'shape': ${said}, }`), head);
    assert.deepEqual(file.slice(10 + length), bytes(values));
  }
  const brain = npyOf('bfloat16', [2], [bytes(Uint16Array.of(0x3f80, 0xc040))]);
  assert.deepEqual([...new Float32Array(brain.slice(-8).buffer)], [1, -3]);
});

test('the pieces of a tensor are its elements in order, none larger than an answer', () => {
  for (const shape of [[], [7], [200_000], [3, 5], [1000, 700], [2, 70_000], [3, 2, 300, 500]]) {
    let count = 0;
    for (const { at, rows, columns, rowAxis, columnAxis } of piecesOf(shape)) {
      const down = rows ? rows[1] - rows[0] : 1;
      const right = columns ? columns[1] - columns[0] : 1;
      assert.ok(down * right <= 65_536);
      // The first element's place in the tensor is how many came before.
      const index = at.map(
        (one, axis) => (axis === rowAxis ? rows : axis === columnAxis ? columns : [one])?.[0],
      );
      const place = index.reduce<number>((sum, one, axis) => sum * (shape[axis] as number) + (one ?? 0), 0);
      assert.equal(place, count);
      count += down * right;
    }
    assert.equal(
      count,
      shape.reduce((a, b) => a * b, 1),
    );
  }
});

const made: MadeTensor = {
  name: 'w',
  kind: 'parameter',
  shape: [2, 300, 200],
  dtype: 'float32',
  className: '',
  element: (i, step) => Math.fround(i / 7 + step),
};
const question: TensorQuestion = {
  kind: 'parameter',
  name: 'w',
  part: wholePart(made.shape),
  histogram: null,
  picture: null,
  cells: true,
};

test('a file holds every element; pieces of two steps are refused, and so is what is too much', async () => {
  const tensors = new MadeTensors([made]);
  let step = 5;
  const ask = (asked: TensorQuestion) => Promise.resolve(tensors.inspect(asked, step, true));
  const file = await npyFile(ask, question, made, silent);
  const values = new Float32Array(file.slice(-4 * 120_000).buffer);
  for (const i of [0, 1, 65_535, 65_536, 119_999]) assert.equal(values[i], made.element(i, 5));
  const moving = (asked: TensorQuestion) => Promise.resolve(tensors.inspect(asked, step++, true));
  await assert.rejects(npyFile(moving, question, made, silent), /went on while/);
  await assert.rejects(npyFile(ask, question, { shape: [2 ** 26], dtype: 'float32' }, silent), /At most/);
});

test('a copy holds what is in sight; more than an answer holds is refused', async () => {
  const tensors = new MadeTensors([made]);
  const ask = (asked: TensorQuestion): Promise<TensorAnswer> =>
    Promise.resolve(tensors.inspect(asked, 0, true));
  const part = { rowAxis: 1, columnAxis: 2, at: [1, 0, 0], rows: [299, 300], columns: [198, 200] } as const;
  const wanted: TensorQuestion = {
    ...question,
    part: { ...part, at: [1, 0, 0], rows: [299, 300], columns: [198, 200] },
  };
  const { text, count } = await literalOf(ask, wanted);
  assert.equal(count, 2);
  const [a, b] = [119_998, 119_999].map((i) => String(Number(made.element(i, 0).toPrecision(9))));
  assert.match(text, /^torch\.tensor\(\[\[\d+\.\d+, \d+\.\d+\]\], dtype=torch\.float32\)$/);
  const numbers = [...text.matchAll(/\d+\.\d+/g)].map(([number]) => Math.fround(Number(number)));
  assert.deepEqual(numbers, [Math.fround(Number(a)), Math.fround(Number(b))]);
  const vector = new MadeTensors([{ ...made, shape: [70_000] }]);
  const long = { ...question, part: wholePart([70_000]) };
  await assert.rejects(
    literalOf((asked) => Promise.resolve(vector.inspect(asked, 0, true)), long),
    /At most 65,536 elements/,
  );
});
