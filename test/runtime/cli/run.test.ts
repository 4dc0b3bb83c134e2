import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { readEventFile } from '../../../runtime/log/event-file.ts';
import { findEventFile, readRunRecord } from '../../../runtime/store/run-folder.ts';
import { Workplace } from '../fixtures/cli.ts';

let place = new Workplace();
beforeEach(() => {
  place.remove();
  place = new Workplace();
});
after(() => {
  place.remove();
});

test('a script sees its arguments, its folder, its environment and its files', async () => {
  mkdirSync(path.join(place.folder, 'sub'));
  place.write('sub/helper.py', 'value = 42\n');
  place.write(
    'sub/main.py',
    `
import os, sys, helper, torch
print(sys.argv, __name__, __file__ == os.path.abspath(sys.argv[0]))
print(os.getcwd() == os.environ['PWD_WAS'], sys.path[0] == os.path.dirname(__file__), helper.value)
print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty(), 'HOME' in os.environ)
with open('out.txt', 'w') as file: file.write('written')
import pickle
class Point: pass
print(pickle.loads(pickle.dumps(Point())).__class__ is Point)
`,
  );
  const { code, stdout, stderr } = await place.run(['run', 'sub/main.py', '--lr', '0.1', '-h'], '', {
    PWD_WAS: place.folder,
  });
  assert.equal(stderr, '');
  assert.deepEqual(stdout.split('\n'), [
    "['sub/main.py', '--lr', '0.1', '-h'] __main__ True",
    'True True 42',
    'False False False True',
    'True',
    '',
  ]);
  assert.equal(code, 0);
  assert.equal(readFileSync(path.join(place.folder, 'out.txt'), 'utf8'), 'written');
});

test('a save that would vanish in the interpreter is refused', async () => {
  const { stdout } = await place.runScript(`
import os
for do in (lambda: open('/new.txt', 'w'), lambda: open('/lib/new.txt', 'w'), lambda: os.mkdir('/new'),
           lambda: open('/lib/python314.zip', 'r+b').write(b'x'), lambda: os.remove('/lib/python314.zip')):
    try:
        do()
        print('done')
    except OSError as error:
        print(error.strerror)
`);
  assert.equal(stdout, 'Read-only file system\n'.repeat(5));
});

test('exit codes are those of the script', async () => {
  const codes: (number | null)[] = [];
  for (const end of [
    'sys.exit()',
    'sys.exit(3)',
    'sys.exit(True)',
    'sys.exit(-1)',
    'raise SystemExit(300)',
  ]) {
    codes.push((await place.runScript(`import sys\n${end}`)).code);
  }
  assert.deepEqual(codes, [0, 3, 1, 255, 44]);
  const spoken = await place.runScript('import sys\nsys.exit("not today")');
  assert.deepEqual([spoken.code, spoken.stderr], [1, 'not today\n']);
});

test('an uncaught exception is shown as Python shows it, with nothing of ours', async () => {
  const script = place.write('script.py', 'def f(x):\n    return 1 / x\n\nf(0)\n');
  const { code, stderr } = await place.run(['run', 'script.py']);
  assert.equal(
    stderr,
    `Traceback (most recent call last):
  File "${script}", line 4, in <module>
    f(0)
    ~^^^
  File "${script}", line 2, in f
    return 1 / x
           ~~^~~
ZeroDivisionError: division by zero
`,
  );
  assert.equal(code, 1);
  assert.deepEqual(readRunRecord(place.runFolder()).error, {
    type: 'ZeroDivisionError',
    message: 'division by zero',
  });
});

test('a syntax error is one message', async () => {
  const script = place.write('script.py', 'x = 1\ndef f(:\n    pass\n');
  const { code, stderr } = await place.run(['run', 'script.py']);
  assert.equal(stderr, `  File "${script}", line 2\n    def f(:\n          ^\nSyntaxError: invalid syntax\n`);
  assert.equal(code, 1);
});

test('runaway recursion is an exception', async () => {
  const { code, stderr } = await place.runScript('def f(n): return f(n + 1)\nf(0)\n');
  assert.match(stderr, /RecursionError: maximum recursion depth exceeded\n$/);
  assert.equal(code, 1);
});

test('the interpreter ends as usual: exit functions, flushed streams, a hook of its own', async () => {
  const { code, stdout, stderr } = await place.runScript(`
import atexit, sys
sys.excepthook = lambda kind, error, trace: print('hook:', error, file=sys.stderr)
atexit.register(lambda: print('at exit'))
print('no newline', end='')
raise ValueError('ours')
`);
  assert.deepEqual([code, stdout, stderr], [1, 'no newlineat exit\n', 'hook: ours\n']);
});

test('standard input is read to its end', async () => {
  const { stdout } = await place.runScript(
    `
import sys
print(input('name? '))
print(repr(sys.stdin.read()))
try: input()
except EOFError: print('end')
`,
    [],
    'Ada\nbyron\nx',
  );
  assert.equal(stdout, "name? Ada\n'byron\\nx'\nend\n");
});

test('bytes pass untouched, more of them than any buffer holds', async () => {
  const { stdout } = await place.runScript(`
import sys
sys.stdout.write('\\rcarriage\\r')
sys.stdout.buffer.write(bytes([0, 27, 91]))
for i in range(300): print(str(i % 10) * 9999)
`);
  const lines = Array.from({ length: 300 }, (_, i) => `${String(i % 10).repeat(9999)}\n`);
  assert.ok(stdout === `\rcarriage\r\0\x1b[${lines.join('')}`);
});

test('a run is recorded: who, how and how it ended, and every step', async () => {
  await place.runScript('import time; time.sleep(0.5)', ['a', 'b']);
  const folder = place.runFolder();
  const record = readRunRecord(folder);
  assert.deepEqual(record.arguments, ['a', 'b']);
  assert.deepEqual([record.device, record.threads, record.exitCode, record.error], ['cpu', 2, 0, null]);
  assert.ok(record.ended !== null && record.ended > record.started);
  const { events, damaged, torn } = readEventFile(findEventFile(folder) ?? '');
  assert.deepEqual([damaged, torn], [0, 0]);
  const steps = events.filter(({ scalars }) => scalars.has('loss/train')).map(({ step }) => step);
  assert.deepEqual(
    steps,
    Array.from({ length: record.steps ?? 0 }, (_, i) => i + 1),
  );
  assert.ok(steps.length > 0);
});

test('--no-record writes nothing', async () => {
  place.write('script.py', 'print("done")');
  const { code, stdout } = await place.run(['run', '--no-record', 'script.py']);
  assert.deepEqual([code, stdout], [0, 'done\n']);
  assert.ok(!existsSync(path.join(place.folder, '.unroll')));
});

test('--out names the folder, --threads the threads', async () => {
  place.write('script.py', '');
  assert.equal((await place.run(['run', '--out', 'here/there', '--threads', '3', 'script.py'])).code, 0);
  assert.equal(readRunRecord(path.join(place.folder, 'here/there')).threads, 3);
});

test('--json prints one object a step, the script prints to standard error', async () => {
  place.write('script.py', 'import time\nprint("hello")\ntime.sleep(0.5)');
  const { stdout, stderr } = await place.run(['run', '--json', 'script.py']);
  assert.equal(stderr, 'hello\n');
  const steps = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.ok(steps.length > 0);
  steps.forEach((step, i) => {
    assert.equal(step['step'], i + 1);
    assert.equal(typeof step['loss/train'], 'number');
    assert.equal((step['bptt/rnn/l0/h'] as number[]).length, 3);
  });
});

for (const [args, code, message] of [
  [['run', 'nothing.py'], 2, 'cannot open nothing.py: there is no such file'],
  [['run', '.'], 2, '. is not a file'],
  [['run', '--frob', 'x.py'], 2, "Unknown option '--frob'; see `unroll --help`"],
  [['run', '--threads', 'many', 'x.py'], 2, '--threads takes a number from 1 to 1024, not "many"'],
  [['run'], 2, 'which script? usage: unroll run [OPTIONS] SCRIPT [ARGS...]'],
  [['dance'], 2, 'there is no command "dance"; `unroll --help` names them'],
  [['show'], 2, 'which run? `unroll runs` lists them'],
  [['show', 'x'], 1, 'there is no run "x"; `unroll runs` lists them'],
  [['runs', 'a', 'b'], 2, 'one argument too many: "b"; see `unroll --help`'],
  [
    ['run', '--device', 'tpu', 'there.py'],
    1,
    'there is no device "tpu": no driver stands in (there is: cpu)',
  ],
  [
    ['run', '--out', '/proc/none/x', 'there.py'],
    1,
    "the run's folder cannot be made: ENOENT: no such file or directory, mkdir '/proc/none'",
  ],
] as const) {
  test(`one message: unroll ${args.join(' ')}`, async () => {
    place.write('there.py', 'print("started")');
    const result = await place.run([...args]);
    assert.deepEqual(result, { code, signal: null, stdout: '', stderr: `unroll: ${message}\n` });
    assert.deepEqual(place.leftBehind(), []);
  });
}

test('a snapshot of the interpreter that is damaged is made anew', async () => {
  const cache = path.join(place.folder, 'cache');
  const run = async () => (await place.run(['run', 'script.py'], '', { XDG_CACHE_HOME: cache })).stdout;
  place.write('script.py', 'print("fine")');
  assert.equal(await run(), 'fine\n');
  const [name = ''] = readdirSync(path.join(cache, 'unroll'));
  const file = path.join(cache, 'unroll', name);
  const size = statSync(file).size;
  truncateSync(file, size - 100);
  assert.equal(await run(), 'fine\n');
  assert.equal(statSync(file).size, size);
});
