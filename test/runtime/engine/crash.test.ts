// What remains and what is said where something breaks off: the disk, the engine, its hosts.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineClient } from '../../../runtime/engine-client.ts';
import { readEventFile } from '../../../runtime/log/event-file.ts';
import { findEventFile, readRunRecord } from '../../../runtime/store/run-folder.ts';
import { RunLog } from '../../../runtime/store/run-log.ts';
import { gone, isAlive, Workplace } from '../fixtures/cli.ts';
import { Listener, request, startEngine, until } from '../fixtures/engine.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  place.remove();
});

/** Reads the log of a run whose engine is gone; returns its last step. */
function lastStep(folder: string): number {
  const { events, damaged } = readEventFile(findEventFile(folder) ?? '');
  assert.equal(damaged, 0);
  const log = new RunLog(folder);
  const step = log.lastValue('loss/train')?.step ?? 0;
  const total = log.series().find(({ tag }) => tag === 'loss/train')?.points ?? 0;
  log.close();
  // Every step that is in the event file, and none else.
  assert.deepEqual([step, total], [events.at(-1)?.step ?? 0, events.length - 1]);
  return step;
}

test('a full disk is told once, and the training goes on to its end', async () => {
  place.write('script.py', "import time\nfor i in range(30): time.sleep(0.1)\nprint('trained')");
  // Files of 32 kB at most: writing more is an error, as on a full disk.
  const { code, stdout, stderr } = await place.start(['run', 'script.py'], {}, '-f 64').finished;
  assert.deepEqual([code, stdout], [0, 'trained\n']);
  assert.match(
    stderr,
    /^unroll: the run log cannot be written any more \(EFBIG: .*\); the training goes on\n$/,
  );
  const folder = place.runFolder();
  assert.ok(lastStep(folder) > 50);
  const { torn } = readEventFile(findEventFile(folder) ?? '');
  assert.equal(torn, 0);
  assert.ok((readRunRecord(folder).steps ?? 0) > lastStep(folder));
});

test('a run whose folder is deleted goes on to its end and says what is lost', async () => {
  const { code, stdout, stderr } = await place.runScript(`
import pathlib, shutil, time
time.sleep(0.3)
shutil.rmtree(next(pathlib.Path('.unroll/runs').iterdir()))
time.sleep(0.3)
print('trained')`);
  assert.deepEqual([code, stdout], [0, 'trained\n']);
  assert.match(stderr, /^unroll: ENOENT.*\nunroll: the run's record cannot be written \(ENOENT.*\)\n$/);
});

test('engines killed at any instant leave readable logs and nothing else, and their hosts know how', async (t) => {
  const script = place.write('script.py', "print('ready')\nwhile True: pass");
  for (let round = 0; round < 20; round++) {
    const listener = new Listener();
    const engine = await startEngine(t, listener.handlers);
    const watching = await EngineClient.attach(engine.socket, new Listener().handlers);
    const { folder } = await engine.rpc.call('start', request(place, script));
    await until(() => listener.output !== '', 'the script');
    await sleep(((round * 37) % 100) * 3);
    process.kill(engine.pid, 'SIGKILL');
    const { signal, code } = await engine.exited;
    assert.deepEqual([signal, code], ['SIGKILL', null]);
    await watching.exited;
    assert.ok(!isAlive(engine.pid));
    assert.ok(!existsSync(engine.socket));
    // What its host was told is on disk.
    assert.ok(lastStep(folder ?? '') >= (listener.statuses.at(-1)?.step ?? 0));
    assert.equal(readRunRecord(folder ?? '').ended, null);
  }
});

test('hosts that vanish leave no engine behind after the grace, and a whole log', async (t) => {
  const script = place.write('script.py', "print('ready')\nwhile True: pass");
  for (let round = 0; round < 5; round++) {
    const listener = new Listener();
    const engine = await startEngine(t, listener.handlers);
    const watching = await EngineClient.attach(engine.socket, new Listener().handlers);
    const { folder } = await engine.rpc.call('start', request(place, script));
    await engine.rpc.call('setGrace', { milliseconds: 200 });
    await until(() => listener.output !== '', 'the script');
    await sleep(round * 50);
    // As when their processes are killed.
    engine.transport.abort();
    watching.transport.abort();
    await gone(engine.pid);
    assert.ok(!existsSync(engine.socket));
    assert.equal(readRunRecord(folder ?? '').signal, 'SIGHUP');
    lastStep(folder ?? '');
    assert.equal(readEventFile(findEventFile(folder ?? '') ?? '').torn, 0);
  }
});

test("an engine's own last words reach its host", async (t) => {
  const engine = await startEngine(t, new Listener().handlers);
  const script = place.write(
    'script.py',
    "import _engine\n_engine.lastWords('out of luck')\n_engine.crash()",
  );
  await engine.rpc.call('start', request(place, script));
  assert.deepEqual(await engine.exited, { code: null, signal: 'SIGSEGV', lastWords: 'out of luck' });
});
