import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { RunRequest } from '../../../protocol/engine.ts';
import { writeFileAtomically } from '../../../runtime/store/atomic.ts';
import {
  createRunFolder,
  gitCommit,
  listRuns,
  readRunRecord,
  runName,
} from '../../../runtime/store/run-folder.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'unroll-test-'));
after(() => {
  rmSync(root, { recursive: true });
});

const started = new Date(2026, 10, 3, 7, 5, 9);
const request: RunRequest = {
  script: '/home/me/train.py',
  scriptArgument: 'train.py',
  arguments: [],
  cwd: root,
  environment: {},
  device: 'cpu',
  threads: null,
  folder: null,
  record: true,
  histogramEvery: 0,
  terminals: { stdin: false, stdout: false, stderr: false },
  terminalSize: { columns: 80, rows: 24 },
};

test('a run is named by its time and its script', () => {
  assert.equal(runName('/home/me/train.py', started), '20261103-070509-train');
  assert.equal(runName('/a/my model (2).v1.py', started), '20261103-070509-my-model-2-.v1');
  assert.equal(runName('/a/Übung.py', started), '20261103-070509-Übung');
});

test('runs of the same second get folders of their own', () => {
  const names = [1, 2, 3].map(() => path.relative(root, createRunFolder(request, started)));
  assert.deepEqual(names, [
    '.unroll/runs/20261103-070509-train',
    '.unroll/runs/20261103-070509-train-2',
    '.unroll/runs/20261103-070509-train-3',
  ]);
});

test('a given folder is made, and refused where a run lies in it', () => {
  const folder = createRunFolder({ ...request, folder: 'out/one' }, started);
  assert.equal(folder, path.join(root, 'out/one'));
  writeFileSync(path.join(folder, 'run.json'), '{}');
  assert.throws(() => createRunFolder({ ...request, folder: 'out/one' }, started), /holds a run already/);
});

test('a folder that cannot be made is an error that says so', () => {
  writeFileSync(path.join(root, 'file'), '');
  assert.throws(
    () => createRunFolder({ ...request, folder: 'file/x' }, started),
    /the run's folder cannot be made: ENOTDIR/,
  );
  // The kernel answers ENOENT here however often one asks.
  assert.throws(
    () => createRunFolder({ ...request, folder: '/proc/none/x' }, started),
    /cannot be made: ENOENT/,
  );
});

test('only folders with a record are runs, and only records of ours are read', () => {
  const runs = path.join(root, 'listed');
  for (const name of ['b', 'a', 'empty']) mkdirSync(path.join(runs, name), { recursive: true });
  writeFileSync(
    path.join(runs, 'a/run.json'),
    '{"format": 1, "script": "x.py", "started": "2026-11-03T07:05:09Z"}',
  );
  writeFileSync(path.join(runs, 'b/run.json'), '{"format": 99}');
  assert.deepEqual(listRuns(runs), [path.join(runs, 'a'), path.join(runs, 'b')]);
  assert.equal(readRunRecord(path.join(runs, 'a')).script, 'x.py');
  assert.throws(() => readRunRecord(path.join(runs, 'b')), /not a run's record/);
  assert.deepEqual(listRuns(path.join(root, 'nowhere')), []);
});

test('a file is replaced whole, and nothing is left beside it', () => {
  const folder = path.join(root, 'atomic');
  mkdirSync(folder);
  writeFileAtomically(path.join(folder, 'x'), 'one');
  writeFileAtomically(path.join(folder, 'x'), 'two');
  assert.equal(readFileSync(path.join(folder, 'x'), 'utf8'), 'two');
  mkdirSync(path.join(folder, 'taken'));
  assert.throws(() => {
    writeFileAtomically(path.join(folder, 'taken'), 'three');
  });
  assert.deepEqual(readdirSync(folder), ['taken', 'x']);
});

test('the commit is found: loose, packed, detached, from a worktree, and where there is none', () => {
  const repository = path.join(root, 'repository');
  const inside = path.join(repository, 'src/deep');
  const git = path.join(repository, '.git');
  mkdirSync(inside, { recursive: true });
  assert.equal(gitCommit(inside), null);
  mkdirSync(path.join(git, 'refs/heads'), { recursive: true });
  writeFileSync(path.join(git, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(path.join(git, 'packed-refs'), '# pack-refs\naaaa refs/heads/main\nbbbb refs/heads/other\n');
  assert.equal(gitCommit(inside), 'aaaa');
  writeFileSync(path.join(git, 'refs/heads/main'), 'cccc\n');
  assert.equal(gitCommit(inside), 'cccc');
  const tree = path.join(root, 'tree');
  mkdirSync(tree);
  mkdirSync(path.join(git, 'worktrees/tree'), { recursive: true });
  writeFileSync(path.join(tree, '.git'), `gitdir: ${git}/worktrees/tree\n`);
  writeFileSync(path.join(git, 'worktrees/tree/commondir'), '../..\n');
  writeFileSync(path.join(git, 'worktrees/tree/HEAD'), 'ref: refs/heads/other\n');
  assert.equal(gitCommit(tree), 'bbbb');
  writeFileSync(path.join(git, 'HEAD'), 'dddd\n');
  assert.equal(gitCommit(inside), 'dddd');
});
