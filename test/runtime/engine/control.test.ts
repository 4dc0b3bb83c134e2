// Pause, single steps and the learning rate, on the engine that computes.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineClient } from '../../../runtime/engine-client.ts';
import { readEventFile } from '../../../runtime/log/event-file.ts';
import { findEventFile } from '../../../runtime/store/run-folder.ts';
import { Workplace } from '../fixtures/cli.ts';
import { Listener, request, startEngine, until } from '../fixtures/engine.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  place.remove();
});

/** A training of `steps` steps; afterwards it prints the weights' bits. */
function training(steps: number, inLoop = ''): string {
  return `
import torch, time
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 2)
optimizer = torch.optim.Adam(model.parameters(), lr=0.125)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.5)
data = torch.utils.data.DataLoader([torch.randn(3) for _ in range(${steps})], batch_size=1)
try:
    for i, x in enumerate(data, 1):
        optimizer.zero_grad()
        model(x).square().sum().backward()
        ${inLoop || 'pass'}
        optimizer.step()
        scheduler.step()
except KeyboardInterrupt:
    print('interrupted', i)
print([w.hex() for p in model.parameters() for w in p.flatten().tolist()])
`;
}

interface Started {
  engine: EngineClient;
  listener: Listener;
  folder: string;
}

async function start(t: TestContext, script: string): Promise<Started> {
  const listener = new Listener();
  const engine = await startEngine(t, listener.handlers, { isReal: true });
  const { folder } = await engine.rpc.call('start', request(place, place.write('script.py', script)));
  return { engine, listener, folder: folder ?? '' };
}

const phaseOf = ({ listener }: Started) => listener.statuses.at(-1)?.phase;
const stepOf = ({ listener }: Started) => listener.statuses.at(-1)?.step ?? 0;

test('a pause holds at the end of a step, single steps are single, and all of it is in the log', async (t) => {
  const run = await start(t, training(10_000, 'time.sleep(0.005)'));
  const { engine, listener } = run;
  await until(() => stepOf(run) > 3, 'steps');
  await engine.rpc.call('pause', null);
  assert.equal(phaseOf(run), 'pausing');
  await until(() => phaseOf(run) === 'paused', 'the pause');
  const there = stepOf(run);
  await sleep(300);
  assert.deepEqual([phaseOf(run), stepOf(run)], ['paused', there]);
  for (const i of [1, 2, 3]) {
    await engine.rpc.call('stepOnce', null);
    await until(() => phaseOf(run) === 'paused', 'the step');
    assert.equal(stepOf(run), there + i);
    assert.equal(listener.measured.filter(({ kind }) => kind === 'step').length, there + i);
  }
  const { progress } = listener.statuses.at(-1) ?? {};
  assert.deepEqual(progress, { done: there + 2, total: 10_000 });
  await engine.rpc.call('resume', null);
  await until(() => phaseOf(run) === 'running' && stepOf(run) > there + 10, 'more steps');
  await engine.rpc.call('stop', { signal: 'SIGTERM' });
  await engine.exited;
  const { events } = readEventFile(findEventFile(run.folder) ?? '');
  const texts = events.flatMap((event) => [...event.texts]).filter(([tag]) => !tag.includes('verdict'));
  assert.deepEqual(texts, [
    ['event/paused', `after step ${there}`],
    ...[1, 2, 3].flatMap((i) => [
      ['event/resumed', 'for one step'],
      ['event/paused', `after step ${there + i}`],
    ]),
    ['event/resumed', 'to go on'],
  ]);
});

test('pauses change nothing of what is computed', async (t) => {
  const plain = await start(t, training(40));
  await plain.engine.exited;
  const paused = await start(t, training(40, 'time.sleep(0.01)'));
  await paused.engine.rpc.call('pause', null);
  await until(() => phaseOf(paused) === 'paused', 'the pause');
  await paused.engine.rpc.call('setLearningRateScale', { scale: 1 });
  await paused.engine.rpc.call('resume', null);
  await paused.engine.exited;
  assert.match(plain.listener.output, /^\[.*0x/);
  assert.equal(paused.listener.output, plain.listener.output);
});

test("a scaled learning rate is the script's own times the factor, under its scheduler and in the log", async (t) => {
  // Both quarter the rate from the same step on; a quarter is exact.
  const own = "if i > 12: [group.__setitem__('lr', group['lr'] / 4) for group in optimizer.param_groups]";
  const back = "if i > 12: [group.__setitem__('lr', group['lr'] * 4) for group in optimizer.param_groups]";
  const byScript = training(30, own).replace('optimizer.step()', `optimizer.step()\n        ${back}`);
  const script = await start(t, byScript);
  await script.engine.exited;

  const run = await start(t, training(30, "if i == 12: print('there')\n        if i == 12: time.sleep(3)"));
  await until(() => run.listener.output.includes('there'), 'step 12');
  await run.engine.rpc.call('pause', null);
  await until(() => phaseOf(run) === 'paused', 'the pause');
  assert.equal(stepOf(run), 12);
  assert.equal(run.listener.statuses.at(-1)?.learningRateScale, 1);
  await run.engine.rpc.call('setLearningRateScale', { scale: 0.25 });
  await until(() => run.listener.statuses.at(-1)?.learningRateScale === 0.25, 'the status');
  await run.engine.rpc.call('resume', null);
  await run.engine.exited;
  assert.equal(run.listener.output, `there\n${script.listener.output}`);
  const rates = run.listener.measured
    .filter(({ kind }) => kind === 'step')
    .map(({ scalars }) => scalars['lr/0']);
  const expected = rates.map((_, i) => 0.125 * 0.5 ** Math.floor(i / 5) * (i >= 12 ? 0.25 : 1));
  assert.deepEqual(rates, expected);
  const texts = run.listener.measured.map(({ text }) => text);
  assert.ok(texts.includes('event/learning_rate: times 0.25 from step 13'));
});

test('a factor that cannot be is refused, and so is one before any optimizer has stepped', async (t) => {
  const { engine } = await start(t, 'import time\ntime.sleep(600)');
  const set = (scale: number) => engine.rpc.call('setLearningRateScale', { scale });
  await assert.rejects(set(0.5), /there is no learning rate to scale/);
  await assert.rejects(set(-1), /cannot be multiplied by -1/);
  await assert.rejects(set(NaN), /cannot be multiplied by NaN/);
});

test('an interrupt ends a pause as KeyboardInterrupt', async (t) => {
  const run = await start(t, training(10_000, 'time.sleep(0.005)'));
  await run.engine.rpc.call('pause', null);
  await until(() => phaseOf(run) === 'paused', 'the pause');
  const there = stepOf(run);
  await run.engine.rpc.call('interrupt', null);
  assert.equal((await run.engine.exited).code, 0);
  assert.ok(run.listener.output.startsWith(`interrupted ${there}\n[`), run.listener.output);
  assert.ok(run.listener.measured.some(({ text }) => text === 'event/resumed: by an interrupt'));
});

test('a stop ends a paused run with its log closed', async (t) => {
  const run = await start(t, training(10_000, 'time.sleep(0.005)'));
  await run.engine.rpc.call('pause', null);
  await until(() => phaseOf(run) === 'paused', 'the pause');
  await run.engine.rpc.call('stop', { signal: 'SIGTERM' });
  await run.engine.exited;
  const { damaged, torn, events } = readEventFile(findEventFile(run.folder) ?? '');
  assert.deepEqual(
    [damaged, torn, events.at(-1)?.texts.get('event/paused')],
    [0, 0, `after step ${stepOf(run)}`],
  );
});

test('a training that updates its weights by hand pauses at the ends of its steps, with no rate to scale', async (t) => {
  const byHand = `
import torch, time
w = torch.ones(3, requires_grad=True)
for i in range(10_000):
    w.grad = None
    w.square().sum().backward()
    with torch.no_grad(): w -= 0.01 * w.grad
    time.sleep(0.005)
`;
  const run = await start(t, byHand);
  await run.engine.rpc.call('pause', null);
  await until(() => phaseOf(run) === 'paused', 'the pause');
  const there = stepOf(run);
  for (const i of [1, 2]) {
    await run.engine.rpc.call('stepOnce', null);
    await until(() => phaseOf(run) === 'paused', 'the step');
    assert.equal(stepOf(run), there + i);
  }
  assert.equal(run.listener.statuses.at(-1)?.learningRateScale, null);
  await run.engine.rpc.call('resume', null);
  await until(() => stepOf(run) > there + 5, 'more steps');
});

test('a run that is not recorded can be paused, too', async (t) => {
  const listener = new Listener();
  const engine = await startEngine(t, listener.handlers, { isReal: true });
  const script = place.write('script.py', training(10_000, 'print(i); time.sleep(0.005)'));
  await engine.rpc.call('start', request(place, script, { record: false }));
  await until(() => listener.output.includes('5\n'), 'steps');
  await engine.rpc.call('pause', null);
  await until(() => listener.statuses.at(-1)?.phase === 'paused', 'the pause');
  const there = listener.output;
  await sleep(200);
  assert.equal(listener.output, there);
  await engine.rpc.call('resume', null);
  await until(() => listener.output.length > there.length + 10, 'more');
});
