// What looking into tensors costs while training runs flat out, and how long an answer takes: pairs of stretches of
// training, one with as many looks a second as a restless hand makes hovers, one without. A look asks what a hover
// asks: a weight with histogram and picture, and its gradient's numbers.
//
//   node bench/looking.mjs [HIDDEN...]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, quantile, root } from './shared.mjs';

const pairs = 8;
const looksAStretch = 25;
const looksASecond = 4;

const { EngineClient } = await load('runtime/engine-client.ts');
const now = () => Number(process.hrtime.bigint()) / 1e6; // ms

async function measure(hidden) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-looking-'));
  const ends = []; // of steps, s
  const quiet = { output: () => {}, status: () => {}, input: () => new Uint8Array(0), finished: () => {} };
  const measured = (all) => {
    for (const { kind, step, wallTime } of all) if (kind === 'step') ends.push({ step, time: wallTime });
  };
  const engine = await EngineClient.start(
    { ...quiet, measured },
    { enginePath: path.join(root, 'dist/engine.mjs') },
  );
  try {
    const script = path.join(root, 'bench/looking.py');
    await engine.rpc.call('start', {
      ...{ script, scriptArgument: script, arguments: [String(hidden)], cwd: folder, environment: {} },
      ...{
        device: 'cpu',
        threads: 2,
        folder: path.join(folder, 'run'),
        record: true,
        histogramEvery: 100,
        terminalSize: { columns: 80, rows: 24 },
      },
      terminals: { stdin: false, stdout: false, stderr: false },
    });
    for (let i = 0; i < 600 && ends.length < 10; i++) await sleep(100);
    const names = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'];
    const whole = {
      part: null,
      histogram: { bins: 42, range: null },
      picture: { rows: 39, columns: 64 },
      cells: false,
    };
    const numbers = { part: null, histogram: null, picture: null, cells: false };
    const latencies = [];
    const states = {};
    const stretch = async (isLooking) => {
      const first = ends.length;
      for (let i = 0; i < looksAStretch; i++) {
        const start = now();
        if (isLooking) {
          const name = names[i % names.length];
          const answers = await Promise.all([
            engine.rpc.call('inspect', { kind: 'parameter', name, ...whole }),
            engine.rpc.call('inspect', { kind: 'gradient', name, ...numbers }),
          ]);
          latencies.push(now() - start);
          answers.forEach(({ state }, at) => {
            const key = `${at ? 'gradient' : 'value'} ${state}`;
            states[key] = (states[key] ?? 0) + 1;
          });
        }
        await sleep(Math.max(0, 1000 / looksASecond - (now() - start)));
      }
      const mine = ends.slice(first);
      return (mine.at(-1).time - mine[0].time) / (mine.at(-1).step - mine[0].step);
    };
    const ratios = [];
    for (let pair = 0; pair < pairs; pair++) {
      // Now the one first, now the other.
      const [a, b] = pair % 2 ? [true, false] : [false, true];
      const [x, y] = [await stretch(a), await stretch(b)];
      ratios.push(a ? x / y : y / x);
    }
    const step = (ends.at(-1).time - ends[0].time) / (ends.at(-1).step - ends[0].step);
    console.log(`hidden size ${hidden}, a step of ${(step * 1e3).toFixed(1)} ms, ${latencies.length} looks:`);
    console.log(
      `  answered within ${quantile(latencies).toFixed(0)} ms (median), ${quantile(latencies, 0.95).toFixed(0)} ms (p95), ` +
        `${Math.max(...latencies).toFixed(0)} ms (most); ${JSON.stringify(states)}`,
    );
    console.log(
      `  a step takes ${quantile(ratios).toFixed(4)} times as long (median of ${pairs} pairs, ` +
        `${Math.min(...ratios).toFixed(4)} to ${Math.max(...ratios).toFixed(4)})`,
    );
  } finally {
    engine.kill();
    await engine.exited;
    rmSync(folder, { recursive: true });
  }
}

const sizes = process.argv.slice(2).map(Number);
for (const hidden of sizes.length > 0 ? sizes : [128, 1024]) await measure(hidden);
