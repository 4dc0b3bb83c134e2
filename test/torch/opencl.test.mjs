// Scripts on an OpenCL device: which devices there are and why none, and a training that follows the processor's.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openclTools } from '../../scripts/lib/tools.mjs';
import { readEvents, readSeries } from '../vscode/lib/runs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-opencl-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs unroll; kernels are compiled into the test's own folder. */
function unroll(args, env = {}) {
  return spawnSync(process.execPath, [path.join(root, 'bin', 'unroll'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, POCL_CACHE_DIR: path.join(folder, 'pocl'), ...env },
  });
}

/** The path of faulty_opencl.cpp, compiled. */
function faultyLoader() {
  const library = path.join(folder, 'faulty.so');
  const source = path.join(root, 'test', 'torch', 'faulty_opencl.cpp');
  if (!existsSync(library)) {
    const found = openclTools.tools[0].files.find((file) => existsSync(file));
    execFileSync('c++', [
      '-shared',
      '-fPIC',
      '-Wall',
      '-Werror',
      '-o',
      library,
      source,
      '-Wl,--no-as-needed',
      found,
    ]);
  }
  return library;
}

/** The 200 losses that a script prints on a device. */
function losses(device, model, env = {}) {
  const script = path.join(root, 'test', 'torch', 'scripts', `${model}_on_device.py`);
  const { stdout, stderr, status } = unroll(['run', '--no-record', '--device', device, script], env);
  assert.equal(status, 0, stderr);
  const all = stdout.trim().split('\n').map(Number);
  assert.equal(all.length, 200);
  return all;
}

function assertFollows(here, there) {
  here.forEach((loss, i) => {
    assert.ok(Math.abs(loss - there[i]) <= 1e-2 * loss, `step ${i + 1}: ${loss} and ${there[i]}`);
  });
}

test('without a loader, a driver or a device, each is said plainly', () => {
  const absent = unroll(['devices'], { UNROLL_OPENCL: '/nowhere/libOpenCL.so' }).stdout;
  assert.match(absent, /\n\nNo GPU: no OpenCL loader \(\/nowhere\/libOpenCL\.so\) is installed\.\n$/);
  const noDriver = unroll(['devices'], { OCL_ICD_VENDORS: folder }).stdout;
  assert.match(noDriver, /\n\nNo GPU: the OpenCL loader finds no driver\.\n$/);
  const noDevice = unroll(['devices'], { POCL_DEVICES: 'none' }).stdout;
  assert.match(noDevice, /\n\nNo GPU: no OpenCL driver has a device\.\n$/);
});

test('a device is shown with its driver, its memory and what it computes in', () => {
  const { stdout, stderr } = unroll(['devices']);
  assert.match(stdout, /^cpu .*\nopencl:0 .*Portable Computing Language.* GB {2}yes\n/m, stderr);
  assert.match(stdout, /\n\nMatrix products are CLBlast's\.\n$/);
  const without = unroll(['devices'], { UNROLL_CLBLAST: '/nowhere/libclblast.so' }).stdout;
  assert.match(
    without,
    /\n\nMatrix products are Unroll's own, as CLBlast \(\/nowhere\/libclblast\.so\) is not installed\.\n$/,
  );
});

test('a device that is lost ends the run with its log whole', () => {
  const script = path.join(root, 'test', 'torch', 'scripts', 'char_lm_on_device.py');
  const run = path.join(folder, 'lost');
  const faulty = { UNROLL_OPENCL: faultyLoader(), FAULTY_LOSE_AFTER: '5000' };
  const { stdout, stderr, status } = unroll(['run', '--out', run, '--device', 'gpu', script], faulty);
  assert.equal(status, 1);
  assert.match(stderr, /RuntimeError: OpenCL: clEnqueue\w+: the device is lost \(-36\)/);
  const losses = stdout.trim().split('\n').map(Number);
  assert.ok(losses.length > 3 && losses.length < 200, `${losses.length} steps`);
  assert.equal(JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8')).exitCode, 1);
  const recorded = readSeries(run, 'loss/train').map(({ value }) => value);
  // The script asks for the loss after its step has been recorded.
  assert.ok(
    [0, 1].includes(recorded.length - losses.length),
    `${losses.length}, ${recorded.length} recorded`,
  );
  losses.forEach((loss, i) => assert.equal(recorded[i], Math.fround(loss)));
});

test('the gradient through time is that of the processor', () => {
  const script = path.join(root, 'test', 'torch', 'scripts', 'through_time_on_device.py');
  const [here, there] = ['cpu', 'gpu'].map((device) => {
    const run = path.join(folder, `through-time-${device}`);
    const { stderr, status } = unroll(['run', '--out', run, '--device', device, script]);
    assert.equal(status, 0, stderr);
    return readEvents(run).flatMap(({ vectors }) => [...vectors].filter(([tag]) => tag.startsWith('bptt/')));
  });
  // Each step's, by h and in an LSTM by c, of every layer and direction of the script.
  assert.equal(here.length, 2 * 9);
  assert.deepEqual(
    there.map(([tag]) => tag),
    here.map(([tag]) => tag),
  );
  here.forEach(([tag, wanted], place) => {
    const largest = Math.max(...wanted.map(Math.abs));
    assert.ok(largest > 0, tag);
    wanted.forEach((value, t) => {
      const apart = Math.abs(there[place][1][t] - value);
      assert.ok(apart <= 1e-4 * largest, `${tag}[${t}]: ${there[place][1][t]}, not ${value}`);
    });
  });
});

test('a driver that only says it has float64 is not believed', () => {
  const faulty = { UNROLL_OPENCL: faultyLoader(), FAULTY_FLOAT64: '1' };
  assert.match(unroll(['devices'], faulty).stdout, /^opencl:0 .* GB {2}no\n/m);
  const script = path.join(folder, 'float64.py');
  writeFileSync(script, "import torch\ntorch.ones(3, dtype=torch.float64, device='cuda') + 1\n");
  const { stderr, status } = unroll(['run', '--no-record', '--device', 'gpu', script], faulty);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /NotImplementedError: float64 is not supported on opencl:0: .* does not compute in it/,
  );
});

test('a device that is not there is refused with the reason', () => {
  const script = path.join(folder, 'nothing.py');
  writeFileSync(script, '');
  const { stderr, status } = unroll(['run', '--device', 'gpu', script], { POCL_DEVICES: 'none' });
  assert.equal(status, 1);
  assert.match(stderr, /there is no device "gpu": no OpenCL driver has a device \(there is: cpu\)/);
});

test('torch.cuda is the chosen device, and nothing without one', () => {
  const script = path.join(root, 'test', 'torch', 'scripts', 'cuda.py');
  for (const device of ['cpu', 'gpu', 'gpu:0', 'opencl:0']) {
    const { stdout, stderr, status } = unroll(['run', '--no-record', '--device', device, script]);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, device === 'cpu' ? 'no GPU\n' : 'GPU\n');
  }
});

test('an error on the device that nothing has read is one at the end of the script', () => {
  const script = path.join(folder, 'unread.py');
  writeFileSync(
    script,
    [
      'import torch',
      "table, row = torch.ones(3, 2, device='cuda'), torch.tensor([7], device='cuda')",
      'torch.nn.functional.embedding(row, table)',
      "print('unread', flush=True)",
    ].join('\n'),
  );
  const { stdout, stderr, status } = unroll(['run', '--no-record', '--device', 'gpu', script]);
  assert.equal(stdout, 'unread\n');
  assert.equal(status, 1);
  assert.match(stderr, /IndexError: index out of range in an operation on opencl:0 before this point/);
});

for (const model of ['char_lm', 'word_lm'])
  test(`200 steps of ${model} follow those on the processor, and on a small card`, () => {
    const here = losses('cpu', model);
    assert.ok(here[199] < here[0] - 0.5, `${here[0]} ... ${here[199]}`);
    assertFollows(here, losses('gpu', model));
    const small = { UNROLL_OPENCL: faultyLoader(), FAULTY_SMALL: '1' };
    assertFollows(here, losses('gpu', model, small));
  });
