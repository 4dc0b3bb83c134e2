// The example under our engine against what it prints and draws under PyTorch (test/golden/char_lm.json).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const golden = JSON.parse(readFileSync(path.join(root, 'test/golden/char_lm.json'), 'utf8'));
const run = promisify(execFile);

/** Draws the model's parameters and writes them down as the golden file has them. */
const drawParameters = `
import json, sys
import torch
sys.path.insert(0, sys.argv[1])
import main
torch.manual_seed(1111)
model = main.CharModel(sys.argv[2], 89, 32, 64, 1, 0.0)
values = {name: parameter.detach().reshape(-1).tolist() for name, parameter in model.named_parameters()}
print(json.dumps(values))
`;

let folder;
before(() => (folder = mkdtempSync(path.join(tmpdir(), 'unroll-example-'))));
after(() => rmSync(folder, { recursive: true }));

function unroll(...argv) {
  return run(process.execPath, [path.join(root, 'bin/unroll'), 'run', ...argv], {
    cwd: folder,
    maxBuffer: 2 ** 28,
  });
}

/** The sum of the numbers' bits as signed 32-bit integers. */
function sumOfBits(values) {
  return new Int32Array(new Float32Array(values).buffer).reduce((sum, bits) => sum + bits, 0);
}

for (const [kind, expected] of Object.entries(golden.models)) {
  describe(kind, { concurrency: false }, () => {
    test('parameters are drawn as PyTorch draws them', async () => {
      const script = path.join(folder, 'draw.py');
      writeFileSync(script, drawParameters);
      const { stdout } = await unroll('--no-record', script, path.join(root, 'examples/char-lm'), kind);
      const drawn = JSON.parse(stdout);
      assert.deepEqual(Object.keys(drawn), Object.keys(expected.parameters));
      for (const [name, { first, sum_of_bits: bits }] of Object.entries(expected.parameters)) {
        first.forEach((value, i) => {
          const error = Math.abs(drawn[name][i] - value);
          assert.ok(
            error <= 1e-6 * Math.max(1, Math.abs(value)),
            `${name}[${i}]: ${drawn[name][i]}, not ${value}`,
          );
        });
        // The embedding is normal: its last bits may hang on a logarithm's. All else is uniform, bit for bit.
        if (name !== 'encoder.weight') assert.equal(sumOfBits(drawn[name]), bits, name);
      }
    });

    test('the first 100 losses and two epochs follow PyTorch', async () => {
      const save = ['--save', path.join(folder, `${kind}.pt`)];
      const main = path.join(root, 'examples/char-lm/main.py');
      const { stdout } = await unroll(
        '--threads',
        '1',
        '--no-record',
        main,
        '--model',
        kind,
        ...golden.arguments,
        ...save,
      );
      const losses = [...stdout.matchAll(/step +\d+\/\d+ \| loss ([\d.]+)/g)].map((match) =>
        Number(match[1]),
      );
      const validation = [...stdout.matchAll(/\| validation loss ([\d.]+)/g)].map((match) =>
        Number(match[1]),
      );
      assert.equal(expected.losses.length, 100);
      expected.losses.forEach((loss, i) => {
        assert.ok(Math.abs(losses[i] - loss) <= 1e-4, `loss of step ${i + 1}: ${losses[i]}, not ${loss}`);
      });
      assert.equal(validation.length, expected.validation.length);
      expected.validation.forEach((loss, i) => {
        assert.ok(
          Math.abs(validation[i] - loss) <= 0.01 * loss,
          `validation loss: ${validation[i]}, not ${loss}`,
        );
      });
    });
  });
}
