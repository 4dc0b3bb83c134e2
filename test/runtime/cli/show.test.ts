import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { EventFileWriter } from '../../../runtime/log/event-file.ts';
import { type RunRecord, writeRunRecord } from '../../../runtime/store/run-folder.ts';
import { Workplace } from '../fixtures/cli.ts';

const place = new Workplace();
after(() => {
  place.remove();
});

const record: RunRecord = {
  format: 1,
  script: '/home/me/train.py',
  arguments: ['--lr', '0.1'],
  cwd: '/home/me',
  device: 'cpu',
  threads: 4,
  seed: '1111',
  gitCommit: '0123456789abcdef',
  versions: { unroll: '0', pyodide: '0', node: '0' },
  engine: null,
  started: '2026-11-03T07:05:09.000Z',
  ended: '2026-11-03T07:06:10.000Z',
  exitCode: 0,
  signal: null,
  error: null,
  steps: 3,
};

function recordRun(name: string, changes: Partial<RunRecord>): string {
  const folder = path.join(place.folder, '.unroll/runs', name);
  mkdirSync(folder, { recursive: true });
  writeRunRecord(folder, { ...record, ...changes });
  const writer = new EventFileWriter(folder, 1_793_689_509);
  writer.append(
    [1, 2, 3].map((step) => ({
      kind: 'step',
      wallTime: 1_793_689_509 + step * 10,
      step,
      scalars: { 'weight/out.bias': 0.5, 'grad/out.bias': 0.25, 'lr/0': 0.1, 'loss/train': 4 / step },
      vectors: { 'bptt/rnn/l0/h': [0.01, 0.1, step] },
    })),
  );
  writer.close();
  return writer.path;
}

function safetensors(): Buffer {
  const header = Buffer.from(
    JSON.stringify({ 'out.bias': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(Float32Array.of(3, -4).buffer)]);
}

recordRun('20261103-070509-train', {});
writeFileSync(
  path.join(place.folder, '.unroll/runs/20261103-070509-train/snapshot.safetensors'),
  safetensors(),
);
appendFileSync(recordRun('20261103-080000-other', { ended: null, exitCode: null, steps: null }), 'torn');
recordRun('20261103-090000-other', { exitCode: 1, error: { type: 'ValueError', message: 'no' } });

test('runs are listed with their last loss and their end', async () => {
  const { code, stdout } = await place.run(['runs']);
  assert.equal(code, 0);
  assert.deepEqual(stdout.split('\n'), [
    'run                    steps   loss        time  end',
    '20261103-070509-train      3  1.333  1 min 01 s  finished',
    '20261103-080000-other      3  1.333        30 s  running, or killed',
    '20261103-090000-other      3  1.333  1 min 01 s  ValueError',
    '',
  ]);
  assert.equal((await place.run(['runs', '.unroll/runs'])).stdout, stdout);
});

test('a run is shown: what it was, its curves, its last values, its parameters', async () => {
  const { code, stdout, stderr } = await place.run(['show', '20261103-07']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^20261103-070509-train: \/home\/me\/train\.py --lr 0\.1\n/);
  assert.match(stdout, /, finished, 1 min 01 s\ncpu, 4 threads, seed 1111, commit 0123456789\n/);
  assert.match(stdout, /\nloss\/train\n {9}4 .*\n[^]*\n {5}1\.333 .*\n {11}1 +steps +3\n/);
  assert.match(
    stdout,
    /\nbptt\/rnn\/l0\/h: 2-norm .* at step 3 \(log scale\)\n {9}3 [^]*\n {6}0\.01 [^]*time step t +2\n/,
  );
  assert.match(stdout, /\nseries +last value +step\nloss\/train +1\.333 +3\nlr\/0 +0\.1 +3\n/);
  assert.match(stdout, /\nparameter +gradient +weight +update\nout\.bias +0\.25 +0\.5\n/);
  assert.match(stdout, /\nout\.bias +\[2\] +5 +-0\.5 +3\.5 +-4 +3\n$/);
});

test('a log that breaks off is shown up to there, and it is said', async () => {
  const { stdout } = await place.run(['show', '20261103-08']);
  assert.match(stdout, /loss\/train +1\.333 +3\n/);
  assert.match(stdout, /The log ends within a record \(4 bytes\); all before it is whole\.\n$/);
});

test('a tensor is shown with its histogram', async () => {
  const { stdout } = await place.run(['show', '20261103-070509-train', '--tensor', 'out.bias']);
  assert.equal(stdout, `out.bias  [2]  F32\n2-norm 5, mean -0.5, std 3.5\n-4 █${'▁'.repeat(30)}█ 3\n`);
});

for (const [args, message] of [
  [['20261103'], '3 runs begin with "20261103"; write more of its name'],
  [['20261103-07', '--tensor', 'x'], 'there is no tensor "x"; there are: out.bias'],
  [
    ['last', '--tensor', 'x'],
    '.unroll/runs/20261103-090000-other has no snapshot.safetensors: it is written when a run ends',
  ],
] as const) {
  test(`one message: unroll show ${args.join(' ')}`, async () => {
    const result = await place.run(['show', ...args]);
    assert.deepEqual(result, { code: 1, signal: null, stdout: '', stderr: `unroll: ${message}\n` });
  });
}

test('devices are listed', async () => {
  const { stdout } = await place.run(['devices']);
  assert.equal(
    stdout,
    'device  name      instructions or driver  memory  float64\n' +
      'cpu     Stand-in  avx2                      8 GB  yes\n\n' +
      'No GPU: no driver stands in.\n',
  );
  assert.deepEqual(place.leftBehind(), []);
});
