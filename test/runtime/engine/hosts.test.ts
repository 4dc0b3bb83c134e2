import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineClient } from '../../../runtime/engine-client.ts';
import { readEventFile } from '../../../runtime/log/event-file.ts';
import { findEventFile, readRunRecord } from '../../../runtime/store/run-folder.ts';
import { gone, isAlive, Workplace } from '../fixtures/cli.ts';
import { Listener, request, startEngine, until } from '../fixtures/engine.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  place.remove();
});

const counting = `
import sys, time
for i in range(10 ** 6):
    print(i)
    sys.stdout.flush()
    time.sleep(0.01)
`;

test(
  "an engine's threads look for each other briefly, unless the user says for how long",
  { skip: process.platform !== 'linux' && 'reads /proc' },
  async (t) => {
    const spin = async (): Promise<string | undefined> => {
      const { pid } = await startEngine(t, {});
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return variables.find((one) => one.startsWith('GOMP_SPINCOUNT='));
    };
    Reflect.deleteProperty(process.env, 'GOMP_SPINCOUNT');
    assert.equal(await spin(), 'GOMP_SPINCOUNT=8000');
    process.env['GOMP_SPINCOUNT'] = '1';
    t.after(() => Reflect.deleteProperty(process.env, 'GOMP_SPINCOUNT'));
    assert.equal(await spin(), 'GOMP_SPINCOUNT=1');
  },
);

test('two hosts see the same; the second learns where the run stands and what was printed', async (t) => {
  const first = new Listener();
  const engine = await startEngine(t, first.handlers);
  assert.equal(engine.statusAtFirst.folder, null);
  const { folder } = await engine.rpc.call('start', request(place, place.write('script.py', counting)));
  await until(() => first.output.includes('20\n') && first.measured.length > 20, 'steps and output');
  assert.deepEqual([...new Set(first.statuses.map(({ phase, doing }) => `${phase} ${doing}`))].slice(0, 2), [
    'starting Starting Python',
    'running ',
  ]);
  const second = new Listener();
  const other = await EngineClient.attach(engine.socket, second.handlers);
  const { phase, step, folder: seen, stepsPerSecond, device, threads } = other.statusAtFirst;
  assert.deepEqual([phase, seen, device, threads], ['running', folder, 'cpu', 2]);
  assert.ok(step > 0 && stepsPerSecond > 0);
  assert.equal(readRunRecord(folder ?? '').engine?.socket, engine.socket);
  await until(() => second.output.includes('60\n') && second.measured.length > 20, 'the same at the second');
  const [from] = second.measured;
  assert.ok(from && from.step > step);
  const shared = first.measured.filter(({ step: each }) => each >= from.step);
  const count = Math.min(shared.length, second.measured.length);
  assert.deepEqual(second.measured.slice(0, count), shared.slice(0, count));
  assert.ok(second.output.startsWith('0\n1\n2\n'));
  assert.ok(first.statuses.length < 10 + first.measured.length / 5);
  // Either may end it.
  await other.rpc.call('stop', { signal: 'SIGTERM' });
  assert.equal((await engine.exited).signal, 'SIGKILL');
  assert.equal((await other.exited).signal, null);
  const record = readRunRecord(folder ?? '');
  assert.deepEqual([record.signal, record.engine], ['SIGTERM', null]);
});

test('a host that reads the log itself is told the last step and loss, and nothing else that is measured', async (t) => {
  const reading = new Listener();
  const engine = await startEngine(t, reading.handlers, { wantsMeasurements: false });
  const listening = new Listener();
  await EngineClient.attach(engine.socket, listening.handlers);
  await engine.rpc.call('start', request(place, place.write('script.py', counting)));
  await until(() => listening.measured.length > 20 && (reading.statuses.at(-1)?.step ?? 0) > 20, 'steps');
  assert.deepEqual(reading.measured, []);
  for (const { step, loss } of reading.statuses) {
    const there = listening.measured.findLast((each) => each.step <= step && 'loss/train' in each.scalars);
    if (step > 0) assert.equal(loss, there?.scalars['loss/train']);
  }
});

test('a run outlives its host for the grace, and what it prints meanwhile reaches the next', async (t) => {
  const first = new Listener();
  const engine = await startEngine(t, first.handlers);
  const { folder } = await engine.rpc.call('start', request(place, place.write('script.py', counting)));
  await engine.rpc.call('setGrace', { milliseconds: 60_000 });
  await until(() => first.output.includes('20\n'), 'output');
  engine.leave();
  await engine.rpc.closed;
  const seen = first.output;
  await sleep(500);
  const second = new Listener();
  const other = await EngineClient.attach(engine.socket, second.handlers);
  await until(() => second.output.includes('100\n'), 'output after the return');
  // Nothing is missing and nothing twice, from the first line on.
  const numbers = second.output.trim().split('\n').map(Number);
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i),
  );
  assert.ok(second.output.startsWith(seen));
  await other.rpc.call('setGrace', { milliseconds: 300 });
  other.leave();
  await gone(engine.pid);
  const record = readRunRecord(folder ?? '');
  assert.deepEqual([record.signal, record.engine], ['SIGHUP', null]);
  const { damaged, torn } = readEventFile(findEventFile(folder ?? '') ?? '');
  assert.deepEqual([damaged, torn], [0, 0]);
  assert.ok(!existsSync(engine.socket));
});

test('output that nobody saw is bounded, and what is dropped is said', async (t) => {
  const first = new Listener();
  const engine = await startEngine(t, first.handlers);
  const script = place.write(
    'script.py',
    `
import time
print('ready')
time.sleep(1)
for i in range(40000): print(f'{i:099d}')
print('done')
time.sleep(600)
`,
  );
  await engine.rpc.call('start', request(place, script, { record: false }));
  await engine.rpc.call('setGrace', { milliseconds: null });
  await until(() => first.output === 'ready\n', 'the start');
  engine.leave();
  await engine.rpc.closed;
  await sleep(3000);
  const second = new Listener();
  await EngineClient.attach(engine.socket, second.handlers);
  await until(() => second.output.includes('done\n'), 'the end of the output');
  const [note = '', oldest = ''] = second.output.split('\n', 2);
  const lost = Number(
    /^unroll: (\d+) bytes that were printed while no window was open are not kept$/.exec(note)?.[1],
  );
  assert.equal(lost, Number(oldest) * 100 + 'ready\n'.length);
  const kept = second.output.length - note.length - 1;
  assert.equal(lost + kept, 'ready\n'.length + 40_000 * 100 + 'done\n'.length);
  assert.ok(kept > 1 << 20 && kept < 1.2 * (1 << 20));
});

test('input is asked of whoever can answer, a host that comes later included', async (t) => {
  const watching = new Listener({
    input: () => {
      throw new Error('this window only watches');
    },
  });
  const engine = await startEngine(t, watching.handlers);
  const script = place.write('script.py', "print('hello', input())");
  await engine.rpc.call('start', request(place, script, { record: false }));
  await sleep(1000);
  const answering = new Listener({ input: () => Buffer.from('Ada\n') });
  const other = await EngineClient.attach(engine.socket, answering.handlers);
  assert.equal((await engine.exited).code, 0);
  await other.exited;
  for (const listener of [watching, answering]) {
    assert.equal(listener.output, 'hello Ada\n');
    assert.deepEqual(listener.end, { exitCode: 0, error: null, steps: 0 });
  }
});

test('a run that ends while its host is away tells the next how', async (t) => {
  const engine = await startEngine(t, new Listener().handlers);
  const script = place.write('script.py', "import time\ntime.sleep(1)\nprint('bye')\nraise SystemExit(3)");
  const { folder } = await engine.rpc.call('start', request(place, script));
  await engine.rpc.call('setGrace', { milliseconds: 60_000 });
  engine.leave();
  await until(() => readRunRecord(folder ?? '').ended !== null, 'the end');
  const { engine: left, exitCode } = readRunRecord(folder ?? '');
  assert.deepEqual([left?.pid, exitCode], [engine.pid, 3]);
  const second = new Listener();
  const other = await EngineClient.attach(left?.socket ?? '', second.handlers);
  assert.equal(other.statusAtFirst.phase, 'ended');
  await other.exited;
  assert.equal(second.output, 'bye\n');
  assert.equal(second.end?.exitCode, 3);
  assert.equal(readRunRecord(folder ?? '').engine, null);
});

test('a host that watches and reads nothing is let go; the training and the others go on', async (t) => {
  const first = new Listener();
  const engine = await startEngine(t, first.handlers);
  const script = place.write('script.py', "print('ready')\nwhile True: print('x' * 10000)");
  await engine.rpc.call('start', request(place, script, { record: false }));
  await until(() => first.output.startsWith('ready'), 'the start');
  const stuck = await EngineClient.attach(engine.socket, new Listener().handlers);
  stuck.transport.pause();
  await until(() => first.output.length > 1 << 26, 'more output');
  assert.ok(isAlive(engine.pid));
  stuck.transport.resume();
  await stuck.rpc.closed;
});

test('another version of the protocol is refused, and so is a host that does not greet', async (t) => {
  const engine = await startEngine(t, new Listener().handlers);
  await assert.rejects(
    engine.rpc.call('hello', { protocol: 1, wantsMeasurements: true }),
    /speaks protocol 3, its host 1/,
  );
  await assert.rejects(
    EngineClient.attach(`${place.folder}/x.sock`, new Listener().handlers),
    /no engine's socket/,
  );
});

test('an engine gives way to other programs where it is told to', async (t) => {
  const engine = await startEngine(t, new Listener().handlers, { priority: 7 });
  assert.equal((await import('node:os')).getPriority(engine.pid), 7);
});
