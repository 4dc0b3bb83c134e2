import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ModelInfo } from '../../../protocol/inspect.ts';
import { readModel, writeModel } from '../../../runtime/store/model-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});
const file = path.join(folder, 'model.json');

const line = { file: '/s.py', line: 3 };
const module = { path: '', className: 'Net', file: '/s.py', line };
const tensor = {
  name: 'w',
  kind: 'parameter' as const,
  shape: [2, 0],
  dtype: 'float32',
  requiresGrad: true,
};
const model: ModelInfo = {
  version: 1,
  modules: [module, { ...module, path: 'a', file: null, line: null }],
  tensors: [
    { ...tensor, sameAs: null, line },
    { ...tensor, name: 'a.w', sameAs: 'w', line: null },
  ],
  files: [{ file: '/s.py', sha256: 'ab' }],
};

test('a model is read as it was written; without one there is none', () => {
  assert.equal(readModel(folder), null);
  writeModel(folder, model);
  const { format, ...read } = { format: 0, ...readModel(folder) };
  assert.deepEqual([format, read], [1, model]);
});

test('nothing in the file is believed', () => {
  const whole = { format: 1, ...model };
  const first = model.tensors[0];
  for (const wrong of [
    null,
    [],
    { ...whole, format: 2 },
    { ...whole, version: '1' },
    { ...whole, modules: {} },
    { ...whole, modules: [{ ...module, line: { file: '/s.py', line: -1 } }] },
    { ...whole, modules: [{ ...module, className: 1 }] },
    { ...whole, tensors: [null] },
    { ...whole, tensors: [{ ...first, shape: [1.5] }] },
    { ...whole, tensors: [{ ...first, kind: 'activation' }] },
    { ...whole, tensors: [{ ...first, sameAs: undefined }] },
    { ...whole, files: [{ file: '/s.py' }] },
  ]) {
    writeFileSync(file, JSON.stringify(wrong));
    assert.throws(() => readModel(folder), /is not a description of a model/, JSON.stringify(wrong));
  }
  writeFileSync(file, '{');
  assert.throws(() => readModel(folder), /is not a description of a model/);
  truncateSync(file, 2 ** 27);
  assert.throws(() => readModel(folder), /is not a description of a model/);
});
