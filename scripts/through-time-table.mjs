// The table in docs/bptt.md: the adding problem and temporal order, five seeds each, run one after the other on one
// thread (`nice -n 19 node scripts/through-time-table.mjs`; about half an hour). What is done is kept in
// build/through-time.json, so that it can be taken up again; the table is written when all of it is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root } from './lib/command.mjs';

const lengths = [50, 100, 200];
const seeds = [1, 2, 3, 4, 5];
const settings = [
  { task: 'adding problem', name: 'RNN, no clipping', script: 'adding.py', args: '--model rnn --steps 800' },
  {
    task: 'adding problem',
    name: 'LSTM, clipped at 1',
    script: 'adding.py',
    args: '--model lstm --steps 1200 --clip 1',
  },
  {
    task: 'temporal order',
    name: 'RNN, no clipping',
    script: 'temporal_order.py',
    args: '--steps 1500 --lr 0.02',
  },
  {
    task: 'temporal order',
    name: 'RNN, clipped at 1',
    script: 'temporal_order.py',
    args: '--steps 1500 --lr 0.02 --clip 1',
  },
  {
    task: 'temporal order',
    name: 'LSTM, clipped at 1',
    script: 'temporal_order.py',
    args: '--model lstm --steps 3000 --adam --clip 1',
  },
];
const words = { '-1': 'vanishing', 0: 'healthy', 1: 'exploding' };

const kept = path.join(root, 'build', 'through-time.json');
const results = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};

for (const seed of seeds) {
  for (const length of lengths) {
    for (const { script, args } of settings) {
      const key = `${script} ${args} --length ${length} --seed ${seed}`;
      if (key in results) continue;
      results[key] = run(script, [...args.split(' '), '--length', String(length), '--seed', String(seed)]);
      mkdirSync(path.dirname(kept), { recursive: true });
      writeFileSync(kept, JSON.stringify(results, null, 1));
      console.log(key, JSON.stringify(results[key]));
    }
  }
}
writeTable();

/** Whether the script says that it has learned, and the verdict of the run: the one it was given at most steps. */
function run(script, args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-table-'));
  const file = path.join(root, 'examples', 'through-time', script);
  const unroll = [
    path.join(root, 'bin', 'unroll'),
    'run',
    '--json',
    '--threads',
    '1',
    '--out',
    `${folder}/run`,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...unroll, file, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, NO_COLOR: '1' },
  });
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: ${stderr}`);
  const steps = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'step');
  const counts = {};
  let [now, reach] = [undefined, 0];
  for (const step of steps) {
    now = step['verdict/rnn/l0'] ?? now;
    reach = step['verdict/rnn/l0/reach'] ?? reach;
    if (now !== undefined) counts[now] = (counts[now] ?? 0) + 1;
  }
  const most = Object.entries(counts).sort((a, b) => b[1] - a[1])[0]?.[0];
  return { learned: /: learned$/m.test(stderr), last: words[now], most: words[most], reach };
}

function writeTable() {
  const rows = [['task', 'model', 'T', 'learned', 'verdict at the end', 'reach at the end']];
  for (const { task, name, script, args } of settings) {
    for (const length of lengths) {
      const all = seeds.map((seed) => results[`${script} ${args} --length ${length} --seed ${seed}`]);
      const verdicts = Object.values(words)
        .map((word) => [word, all.filter(({ last }) => last === word).length])
        .filter(([, count]) => count > 0)
        .map(([word, count]) => `${word} ${count}`);
      const reaches = all.map(({ reach }) => Math.round(reach)).sort((a, b) => a - b);
      const learned = all.filter((one) => one.learned).length;
      rows.push([
        task,
        name,
        length,
        `${learned} of 5`,
        verdicts.join(', '),
        `${reaches[0]} to ${reaches[4]}`,
      ]);
    }
  }
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const table = [line(rows[0]), line(rows[0].map(() => '---')), ...rows.slice(1).map(line)].join('\n');
  const docs = path.join(root, 'docs', 'bptt.md');
  const text = readFileSync(docs, 'utf8');
  writeFileSync(
    docs,
    text.replace(/(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/, `$1\n${table}\n\n$2`),
  );
}
