import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gone, Workplace } from '../fixtures/cli.ts';
import { findEventFile, readRunRecord } from '../../../runtime/store/run-folder.ts';
import { readEventFile } from '../../../runtime/log/event-file.ts';

let place = new Workplace();
beforeEach(() => {
  place.remove();
  place = new Workplace();
});
after(() => {
  place.remove();
});

for (const [where, wait] of [
  ['a loop', 'while True: pass'],
  ['a sleep', 'import time; time.sleep(60)'],
  ['a read', 'input()'],
  ['a full output', 'while True: print("x" * 1000)'],
] as const) {
  test(`Ctrl-C in ${where} is a KeyboardInterrupt`, async () => {
    place.write('script.py', `print('ready')\n${wait}`);
    const running = place.start(['run', 'script.py']);
    await running.says('ready');
    await sleep(200);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;
    assert.match(stderr, /^Traceback[^]*script\.py", line 2, in <module>\n[^]*\nKeyboardInterrupt\n$/);
    assert.equal(code, 130);
    assert.equal(readRunRecord(place.runFolder()).error?.type, 'KeyboardInterrupt');
  });
}

test('a script that catches the interrupt goes on', async () => {
  place.write(
    'script.py',
    `
try:
    print('training')
    while True: pass
except KeyboardInterrupt:
    print('evaluating')
print('done')
`,
  );
  const running = place.start(['run', 'script.py']);
  await running.says('training');
  running.child.kill('SIGINT');
  assert.deepEqual(await running.finished, {
    code: 0,
    signal: null,
    stdout: 'training\nevaluating\ndone\n',
    stderr: '',
  });
});

test('twice within a second ends a script that does not listen', async () => {
  place.write(
    'script.py',
    `
print('ready')
while True:
    try:
        while True: pass
    except KeyboardInterrupt: pass
`,
  );
  const running = place.start(['run', 'script.py']);
  await running.says('ready');
  const engine = running.enginePid();
  running.child.kill('SIGINT');
  await sleep(100);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.finished;
  assert.equal(code, 130);
  assert.match(
    stderr,
    /^unroll: stopped by SIGINT (after step \d+|before the end of a first step); the log up to there is kept: .*events\.out.*\n$/,
  );
  await gone(engine);
  assert.equal(readRunRecord(place.runFolder()).signal, 'SIGINT');
  assert.deepEqual(place.leftBehind(), []);
});

test('SIGTERM ends the run in good order', async () => {
  place.write('script.py', "print('ready')\nwhile True: pass");
  const running = place.start(['run', 'script.py']);
  await running.says('ready');
  const engine = running.enginePid();
  running.child.kill('SIGTERM');
  assert.equal((await running.finished).code, 143);
  await gone(engine);
  assert.equal(readRunRecord(place.runFolder()).signal, 'SIGTERM');
});

test('an engine that is killed leaves a readable log, and its host says so', async () => {
  place.write('script.py', "print('ready')\nwhile True: pass");
  const running = place.start(['run', 'script.py']);
  await running.says('ready');
  await sleep(300);
  process.kill(running.enginePid(), 'SIGKILL');
  const { code, stderr } = await running.finished;
  assert.equal(code, 137);
  const said =
    /^unroll: the engine was ended by SIGKILL (?:after step ([\d,]+)|before the end of a first step); the log/.exec(
      stderr,
    );
  assert.ok(said, stderr);
  const log = readEventFile(findEventFile(place.runFolder()) ?? '');
  assert.equal(log.damaged, 0);
  // What was shown is a beginning of what is on disk.
  assert.ok((log.events.at(-1)?.step ?? 0) >= Number(said[1]?.replaceAll(',', '') ?? 0));
  assert.equal(readRunRecord(place.runFolder()).ended, null);
  assert.deepEqual(place.leftBehind(), []);
});

test('an engine that crashes is reported with its signal', async () => {
  const { code, stderr } = await place.runScript('import _engine; _engine.crash()');
  assert.match(
    stderr,
    /^unroll: the engine was ended by SIGSEGV (after step \d+|before the end of a first step); /,
  );
  assert.equal(code, 139);
});

test('an engine does not outlive a command line that is killed', async () => {
  place.write('script.py', "print('ready')\nwhile True: pass");
  const running = place.start(['run', 'script.py']);
  await running.says('ready');
  const engine = running.enginePid();
  running.child.kill('SIGKILL');
  await running.finished;
  await gone(engine);
  assert.equal(readRunRecord(place.runFolder()).signal, 'SIGHUP');
  const log = readEventFile(findEventFile(place.runFolder()) ?? '');
  assert.deepEqual([log.damaged, log.torn], [0, 0]);
  // What the two left behind goes with the next start.
  await place.run(['devices']);
  assert.deepEqual(place.leftBehind(), []);
});
