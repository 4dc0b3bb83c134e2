// The runner behind `npm start` and `npm test`: order, failure, counts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { command, CommandError } from '../../scripts/lib/command.mjs';
import { runSteps, select } from '../../scripts/lib/scheduler.mjs';
import { steps } from '../../scripts/steps.mjs';

const silently = (list) => runSteps(list, { write() {} });

test('a step runs after those it needs, wherever it stands in the list', async () => {
  const order = [];
  const step = (name, needs) => ({ name, needs, run: async () => void order.push(name) });
  const total = await silently([step('c', ['b']), step('b', ['a']), step('a')]);
  assert.deepEqual(order, ['a', 'b', 'c']);
  assert.deepEqual(total, { passed: 3, failed: 0, skipped: 0 });
});

test('what needs a failed step is skipped, and all else runs', async () => {
  const fails = async () => {
    throw new Error('no');
  };
  const total = await silently([
    { name: 'a', run: fails },
    { name: 'b', needs: ['a'], run: async () => {} },
    { name: 'c', needs: ['b'], run: async () => {} },
    { name: 'd', run: async () => {} },
  ]);
  assert.deepEqual(total, { passed: 1, failed: 1, skipped: 2 });
});

test('a step that is done does not run', async () => {
  const run = async () => assert.fail('ran');
  const total = await silently([{ name: 'a', isDone: () => true, run }]);
  assert.deepEqual(total, { passed: 0, failed: 0, skipped: 0 });
});

test('a suite that names no number of tests has failed', async () => {
  const total = await silently([{ name: 'a', run: async () => 'nothing', count: () => null }]);
  assert.deepEqual(total, { passed: 0, failed: 1, skipped: 0 });
});

test('a step that takes too long fails, with all that it has started ended', async () => {
  const pids = [];
  const run = () =>
    command('sh', ['-c', 'sleep 1000 & echo $!; wait'], { onLine: (line) => pids.push(Number(line)) });
  const lines = [];
  const total = await runSteps([{ name: 'a', minutes: 1 / 600, run }], { write: (text) => lines.push(text) });
  assert.deepEqual(total, { passed: 0, failed: 1, skipped: 0 });
  assert.match(lines.join(''), /not done within/);
  assert.ok(await hasEnded(pids[0]));
});

test('a command does not wait for what it has left running', async () => {
  await command('sh', ['-c', 'sleep 1000 &']);
});

test('a step alone has no other beside it', async () => {
  let beside = 0;
  const step = (name, alone) => ({
    name,
    alone,
    async run() {
      beside += alone ? 100 : 1;
      assert.ok(beside === 100 || beside < 100);
      await new Promise((resolve) => setImmediate(resolve));
      beside -= alone ? 100 : 1;
    },
  });
  const total = await silently([step('a', false), step('b', true), step('c', false), step('d', true)]);
  assert.deepEqual(total, { passed: 4, failed: 0, skipped: 0 });
});

test('steps that need one another are refused', async () => {
  const run = async () => {};
  await assert.rejects(
    silently([
      { name: 'a', needs: ['b'], run },
      { name: 'b', needs: ['a'], run },
    ]),
    /need one another/,
  );
});

test('no two steps of the list have one name', () => {
  const names = steps.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
});

test('every step of the list needs only steps before it', () => {
  steps.forEach((step, index) => {
    const before = steps.slice(0, index).map(({ name }) => name);
    for (const name of step.needs ?? []) assert.ok(before.includes(name), `${step.name} needs ${name}`);
  });
});

test('choosing a step brings what it needs, and an unknown one is named', () => {
  const list = [{ name: 'a' }, { name: 'b', needs: ['a'] }, { name: 'c' }];
  assert.deepEqual(select(list, ['b']), [list[0], list[1]]);
  assert.throws(() => select(list, ['x']), /'x'.*a, b, c/);
});

test('a failing command brings its output, a missing one its name', async () => {
  const failed = command(process.execPath, ['-e', 'console.log("seen"); process.exit(3)']);
  await assert.rejects(failed, (error) => {
    assert.ok(error instanceof CommandError);
    assert.match(error.message, /exit code 3/);
    assert.match(error.output, /seen/);
    return true;
  });
  await assert.rejects(command('no-such-program', []), /no-such-program/);
});

test('ending the runner ends what its commands have started', async () => {
  // The runner starts a shell, which starts a sleep and names it; then the runner is told to end.
  const module = JSON.stringify(new URL('../../scripts/lib/command.mjs', import.meta.url).href);
  const script = `
    const { command } = await import(${module});
    await command('sh', ['-c', 'sleep 1000 & echo $!; wait'], { onLine: (line) => console.log(line) });`;
  const runner = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const [line] = await once(runner.stdout, 'data');
  const sleeping = Number(line.toString());
  process.kill(sleeping, 0);
  runner.kill('SIGTERM');
  const [code] = await once(runner, 'exit');
  assert.equal(code, 128 + 15);
  assert.ok(await hasEnded(sleeping));
});

/** Whether a process is gone, or dead and merely not collected yet; asks for up to five seconds. */
async function hasEnded(pid) {
  for (let i = 0; i < 100; ++i) {
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
