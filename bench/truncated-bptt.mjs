// The engine's resident memory over 5,000 windows of truncated backpropagation through time, from outside: after 200
// windows, and every 600 up to 5,000. Fails where the last differs from the first by more than 1 %.
// Linux only.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-bptt-'));
const script = path.join(root, 'bench', 'truncated_bptt.py');
const unroll = [
  path.join(root, 'bin', 'unroll'),
  'run',
  '--json',
  '--threads',
  '1',
  '--out',
  `${folder}/run`,
];
const run = spawn(process.execPath, [...unroll, script], { stdio: ['ignore', 'pipe', 'inherit'] });

/** The engine is the command line's one child. */
function residentBytes() {
  const engine = readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8').trim().split(' ')[0];
  return Number(readFileSync(`/proc/${engine}/statm`, 'utf8').split(' ')[1]) * 4096;
}

const seen = [];
for await (const line of readline.createInterface({ input: run.stdout })) {
  const { kind, step } = JSON.parse(line);
  if (kind !== 'step' || step < 200 || step > 5000 || (step - 200) % 600 !== 0) continue;
  const bytes = residentBytes();
  seen.push(bytes);
  console.log(`window ${step}: ${(bytes / 1e6).toFixed(1)} MB`);
}
rmSync(folder, { recursive: true });
const growth = seen.at(-1) / seen[0] - 1;
console.log(`from the first to the last: ${(100 * growth).toFixed(2)} %`);
process.exitCode = seen.length === 9 && Math.abs(growth) <= 0.01 ? 0 : 1;
