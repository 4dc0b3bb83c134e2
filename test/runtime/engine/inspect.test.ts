// What a run's tensors look like to its hosts, on the engine that computes; and that its snapshot says the same.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TensorQuestion, TensorReading, TensorStatistics } from '../../../protocol/inspect.ts';
import type { EngineClient } from '../../../runtime/engine-client.ts';
import { RunTensors } from '../../../runtime/store/run-tensors.ts';
import { Workplace } from '../fixtures/cli.ts';
import { Listener, request, startEngine, until } from '../fixtures/engine.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  place.remove();
});

/** Prints what every tensor was at the end of each step. */
const script = `import sys, time, torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.scale = nn.Parameter(
            torch.ones(3))
        self.mask = torch.tensor([True, False, True])

    def forward(self, x):
        return self.norm(x) * self.scale

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 3),
                                   Block())
        self.out = nn.Linear(3, 3)
        self.out.weight = self.inner[0].weight

    def forward(self, x):
        return self.out(self.inner(x))

def train(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    x = torch.randn(5, 3)
    for step in range(1, int(sys.argv[1]) + 1):
        optimizer.zero_grad()
        loss = model(x).square().sum()
        loss.backward()
        before = model.inner[0].weight.detach().clone()
        optimizer.step()
        hidden = model.inner[0](x)
        time.sleep(0.005)
        for kind, name, tensor in [
            ('parameter', 'inner.0.weight', model.out.weight),
            ('gradient', 'inner.0.weight', model.out.weight.grad),
            ('update', 'inner.0.weight', model.out.weight - before),
            ('parameter', 'inner.1.scale', model.inner[1].scale),
            ('variable', 'train:loss', loss),
        ]:
            print(step, kind, name, [v.hex() for v in tensor.flatten().tolist()])

torch.manual_seed(0)
train(Net())
`;

interface Started {
  engine: EngineClient;
  listener: Listener;
  folder: string;
}

/** Starts a run, which has taken a step; `isPaused`: and holds at the end of the first. */
async function start(t: TestContext, steps: number, isPaused = false): Promise<Started> {
  const listener = new Listener();
  const engine = await startEngine(t, listener.handlers, { isReal: true });
  const asked = request(place, place.write('script.py', script), { arguments: [String(steps)] });
  const { folder } = await engine.rpc.call('start', asked);
  if (isPaused) await engine.rpc.call('pause', null);
  await until(() => (listener.statuses.at(-1)?.step ?? 0) > 0, 'a step');
  return { engine, listener, folder: folder ?? '' };
}

function question(
  kind: TensorQuestion['kind'],
  name: string,
  more: Partial<TensorQuestion> = {},
): TensorQuestion {
  return { kind, name, part: null, histogram: null, picture: null, cells: true, ...more };
}

/** Asks until there is an answer. */
async function inspect(engine: EngineClient, asked: TensorQuestion): Promise<TensorReading> {
  for (let i = 0; i < 600; i++) {
    const { state, reading } = await engine.rpc.call('inspect', asked);
    if (state === 'fresh' && reading) return reading;
  }
  throw new Error('no answer');
}

const floats = ({ cells }: TensorReading) => [...new Float32Array(Uint8Array.from(cells ?? []).buffer)];

/** What the script printed of a tensor at the end of a step. */
async function printed(
  { listener }: Started,
  step: number,
  { kind, name }: TensorQuestion,
): Promise<number[]> {
  const start = `\n${step} ${kind} ${name} `;
  const after = () => `\n${listener.output}`.split(start)[1] ?? '';
  await until(() => after().includes('\n'), start);
  const [line = ''] = after().split('\n');
  return [...line.matchAll(/'([^']*)'/g)].map(([, hex = '']) => fromHex(hex));
}

/** Python's float.hex(). */
function fromHex(hex: string): number {
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x(\d)\.?([0-9a-f]*)p([+-]\d+)$/.exec(hex) ?? [];
  const mantissa = Number(whole) + (fraction === '' ? 0 : parseInt(fraction, 16) / 16 ** fraction.length);
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** Number(exponent);
}

test('the model is described: modules, tensors, and the lines that made them', async (t) => {
  const { engine, folder } = await start(t, 100_000);
  const model = await engine.rpc.call('model', { known: null });
  assert.ok(model);
  const file = `${place.folder}/script.py`;
  const at = (text: string) => ({
    file,
    line: script.split('\n').findIndex((line) => line.includes(text)) + 1,
  });
  assert.deepEqual(model.modules, [
    { path: '', className: 'Net', file, line: at('train(Net())') },
    { path: 'inner', className: 'Sequential', file: null, line: at('nn.Sequential') },
    { path: 'inner.0', className: 'Linear', file: null, line: at('nn.Sequential') },
    { path: 'inner.1', className: 'Block', file, line: at('                  Block())') },
    { path: 'inner.1.norm', className: 'BatchNorm1d', file: null, line: at('nn.BatchNorm1d') },
    { path: 'out', className: 'Linear', file: null, line: at('self.out = ') },
  ]);
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  assert.deepEqual(
    [...tensors.keys()],
    [
      ['inner.0.weight', 'inner.0.bias', 'inner.1.scale', 'inner.1.mask', 'inner.1.norm.weight'],
      ['inner.1.norm.bias', 'inner.1.norm.running_mean', 'inner.1.norm.running_var'],
      ['inner.1.norm.num_batches_tracked', 'out.weight', 'out.bias'],
    ].flat(),
  );
  assert.deepEqual(tensors.get('inner.1.scale'), {
    name: 'inner.1.scale',
    kind: 'parameter',
    shape: [3],
    dtype: 'float32',
    requiresGrad: true,
    sameAs: null,
    line: at('self.scale = '),
  });
  assert.deepEqual(tensors.get('inner.0.bias')?.line, at('nn.Sequential'));
  assert.deepEqual(
    [tensors.get('out.weight')?.sameAs, tensors.get('out.weight')?.line],
    ['inner.0.weight', at('self.out.weight = ')],
  );
  const { kind, dtype } = tensors.get('inner.1.mask') ?? {};
  assert.deepEqual([kind, dtype], ['buffer', 'bool']);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  assert.deepEqual(model.files, [{ file, sha256 }]);
  assert.equal(await engine.rpc.call('model', { known: model.version }), null);
  const tensorsOfRun = new RunTensors(folder);
  assert.deepEqual(tensorsOfRun.model?.tensors, model.tensors);
  tensorsOfRun.close();
});

test('what is read while the training goes on is of the step that it names, bit by bit', async (t) => {
  const run = await start(t, 100_000);
  for (let i = 0; i < 20; i++) {
    for (const asked of [
      question('parameter', 'inner.0.weight'),
      question('parameter', 'inner.1.scale'),
      question('update', 'inner.0.weight'),
      question('variable', 'train:loss'),
    ]) {
      const reading = await inspect(run.engine, asked);
      assert.ok(reading.found && reading.problem === null);
      assert.deepEqual(
        floats(reading),
        await printed(run, reading.step, asked),
        `${asked.kind} at ${reading.step}`,
      );
    }
  }
});

test('gradients, buffers, outputs of modules and variables are found, and what is not there is said', async (t) => {
  const run = await start(t, 100_000);
  await run.engine.rpc.call('pause', null);
  await until(() => run.listener.statuses.at(-1)?.phase === 'paused', 'the pause');
  const step = run.listener.statuses.at(-1)?.step ?? 0;
  const read = (kind: TensorQuestion['kind'], name: string) => inspect(run.engine, question(kind, name));
  const gradient = await read('gradient', 'inner.0.weight');
  assert.deepEqual([gradient.step, gradient.shape, gradient.rows], [step, [3, 3], 3]);
  const mask = await read('buffer', 'inner.1.mask');
  assert.deepEqual([mask.dtype, [...(mask.cells ?? [])], mask.statistics.zeros], ['bool', [1, 0, 1], 1]);
  const batches = await read('buffer', 'inner.1.norm.num_batches_tracked');
  assert.equal(Number(new BigInt64Array(Uint8Array.from(batches.cells ?? []).buffer)[0]) >= step, true);
  const loss = await read('variable', 'train:loss');
  assert.deepEqual([loss.step, loss.shape, loss.requiresGrad], [step, [], true]);
  const list = await run.engine.rpc.call('variables', null);
  const line = script.split('\n').findIndex((text) => text.includes('optimizer.step()')) + 1;
  assert.ok(list);
  assert.equal(list.step, step);
  assert.deepEqual(
    list.variables.map(({ name, shape, line: at }) => [name, shape, at?.line]).sort(),
    [
      ['train:before', [3, 3], line],
      ['train:hidden', [5, 3], line],
      ['train:loss', [], line],
      ['train:tensor', [], line],
      ['train:x', [5, 3], line],
    ].filter(([name]) => step > 1 || (name !== 'train:hidden' && name !== 'train:tensor')),
  );
  for (const [kind, name] of [
    ['parameter', 'nothing'],
    ['gradient', 'inner.1.mask'],
    ['buffer', 'inner.1'],
    ['activation', 'nowhere'],
    ['update', 'nothing'],
    ['variable', 'train:model'],
  ] as const) {
    assert.equal((await read(kind, name)).found, false, `${kind} ${name}`);
  }
  // From the next step on.
  const output = question('activation', 'inner.1');
  assert.deepEqual(await run.engine.rpc.call('inspect', output), { state: 'waiting', reading: null });
  await run.engine.rpc.call('stepOnce', null);
  await until(() => run.listener.statuses.at(-1)?.step === step + 1, 'the step');
  const activation = await inspect(run.engine, output);
  assert.deepEqual([activation.found, activation.shape], [true, [5, 3]]);
  // The same while the run is paused: nothing newer, and it says so.
  assert.equal((await run.engine.rpc.call('inspect', output)).state, 'older');
});

test('the snapshot of a run answers as the run did at its end', async (t) => {
  const run = await start(t, 30, true);
  for (let step = 0; step < 30;) {
    await until(() => run.listener.statuses.at(-1)?.phase === 'paused', 'the pause');
    step = run.listener.statuses.at(-1)?.step ?? 0;
    if (step < 30) await run.engine.rpc.call('stepOnce', null);
    await sleep(1);
    await until(() => (run.listener.statuses.at(-1)?.step ?? 0) >= Math.min(30, step + 1), 'the step');
  }
  const questions = (['parameter', 'gradient', 'buffer'] as const).flatMap((kind) =>
    ['inner.0.weight', 'out.weight', 'out.bias', 'inner.1.norm.running_var', 'inner.1.mask'].flatMap(
      (name) => [
        question(kind, name, { histogram: { bins: 7, range: null }, picture: { rows: 2, columns: 2 } }),
        question(kind, name, {
          part: { rowAxis: null, columnAxis: 0, at: [0, 1], rows: null, columns: [1, 3] },
        }),
      ],
    ),
  );
  const live = await Promise.all(questions.map((asked) => inspect(run.engine, asked)));
  await run.engine.rpc.call('resume', null);
  assert.equal((await run.engine.exited).code, 0);
  const tensors = new RunTensors(run.folder);
  let found = 0;
  for (const [i, asked] of questions.entries()) {
    const { statistics, ...rest } = live[i] as TensorReading;
    const { statistics: kept, ...restKept } = tensors.inspect(asked);
    found += rest.found ? 1 : 0;
    assert.deepEqual(normal(restKept), normal(rest), `${asked.kind} ${asked.name}`);
    for (const [key, value] of Object.entries(statistics) as [keyof TensorStatistics, number][]) {
      const other = kept[key];
      assert.ok(
        Math.abs(other - value) <= 1e-6 * Math.abs(value),
        `${asked.name} ${key}: ${other}, ${value}`,
      );
    }
  }
  assert.equal(found, 16);
  assert.equal(tensors.inspect(question('activation', 'inner.1')).found, false);
  tensors.close();
});

/** Only whether there is one, where the tensor is not there; bytes as such. */
function normal(reading: Omit<TensorReading, 'statistics'>): unknown {
  if (!reading.found) return { found: false, step: reading.step };
  return JSON.parse(
    JSON.stringify(reading, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value)),
  );
}
