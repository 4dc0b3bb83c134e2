// What looking into tensors costs while training runs flat out, and how long an answer takes: pairs of stretches of
// training, one with looks, one without. A look asks what a hover asks: a weight with histogram and picture, and its
// gradient's numbers. There are far more looks than a hand makes hovers, at most twenty a second: what one of them costs
// is little beside what training varies by itself.
//
//   node bench/looking.mjs [HIDDEN...]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, quantile, root } from './shared.mjs';

const pairs = 8;
const looksAStretch = 100;
const looksASecond = 20;

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
    let between = 1000 / looksASecond; // ms from one look to the next
    const stretch = async (isLooking) => {
      const first = ends.length;
      const begin = now();
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
        // An answer may take longer than that: a stretch without looks lasts as long as the one with them before it.
        await sleep(Math.max(0, (isLooking ? 1000 / looksASecond : between) - (now() - start)));
      }
      if (isLooking) between = (now() - begin) / looksAStretch;
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
    const share = quantile(ratios) - 1;
    console.log(
      `  a step takes ${(1 + share).toFixed(3)} times as long with ${(1000 / between).toFixed(1)} looks a second (median of ` +
        `${pairs} pairs, ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}): ` +
        `${(share * between).toFixed(1)} ms a look, ${((100 * share * between) / 1000).toFixed(2)} % at one a second`,
    );
  } finally {
    engine.kill();
    await engine.exited;
    rmSync(folder, { recursive: true });
  }
}

const sizes = process.argv.slice(2).map(Number);
for (const hidden of sizes.length > 0 ? sizes : [128, 1024]) await measure(hidden);
