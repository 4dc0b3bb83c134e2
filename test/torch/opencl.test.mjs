// Scripts on an OpenCL device: which devices there are and why none, and a training that follows the processor's.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

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

/** The numbers that a script prints, one a line, on a device. */
function losses(device, script, ...args) {
  const { stdout, stderr, status } = unroll(['run', '--no-record', '--device', device, script, ...args]);
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n').map(Number);
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
  assert.doesNotMatch(stdout, /No GPU/);
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

test('200 steps of a character model follow those on the processor', () => {
  const script = path.join(root, 'test', 'torch', 'scripts', 'char_lm_on_device.py');
  const [here, there] = ['cpu', 'gpu'].map((device) => losses(device, script));
  assert.equal(here.length, 200);
  assert.equal(there.length, 200);
  assert.ok(here[199] < here[0] - 0.5, `${here[0]} ... ${here[199]}`);
  here.forEach((loss, i) => {
    assert.ok(Math.abs(loss - there[i]) <= 1e-2 * loss, `step ${i + 1}: ${loss} and ${there[i]}`);
  });
});
