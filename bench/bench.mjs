// How fast Unroll trains beside PyTorch, on this machine, in one run.
//
//   npm run bench [-- CASE... --quick --json --write --device cpu|gpu --isa avx2|avx512 --threads N --title TEXT
//                     --against torch|none --python PATH --as-built]
//
// --device gpu trains on the first OpenCL device, and PyTorch on its own GPU. --as-built sets nothing up: for a machine
// that is borrowed, to which a built checkout has been carried. A CASE is a case's name or what it begins with
// (bench/cases.mjs). Both sides run the same script, which times its own blocks of steps; only one side runs at a time.
// --json prints one object a case. bench/RESULTS.md is written by a run of all cases and where --write says so. Linux only.
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installTools, onednnTools, toolsAreThere } from '../scripts/lib/tools.mjs';
import { setUp } from '../scripts/setup.mjs';
import { selectCases } from './cases.mjs';
import { agree, alone, bestPeer, byTurns, gpuPeer, inPairs } from './lib/compare.mjs';
import { buildBench, gpu, load, measurePeaks, processor } from './lib/machine.mjs';
import { findPeer } from './lib/peer.mjs';
import { endAll, isRealTime, native, ours, theirs } from './lib/sides.mjs';
import { logSlope, median, ratioOf } from './lib/statistics.mjs';
import { digits, jsonOf, keep, ratioText, report } from './lib/table.mjs';
import { root } from './shared.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      against: { type: 'string', default: 'torch' },
      device: { type: 'string', default: 'cpu' },
      'as-built': { type: 'boolean' },
      python: { type: 'string' },
      isa: { type: 'string' },
      title: { type: 'string' },
      threads: { type: 'string', default: String(os.availableParallelism()) },
      ...{ json: { type: 'boolean' }, quick: { type: 'boolean' }, write: { type: 'boolean' } },
    },
  });
  if (!['torch', 'none'].includes(values.against)) throw new Error('--against takes torch or none');
  if (!['cpu', 'gpu'].includes(values.device)) throw new Error('--device takes cpu or gpu');
  if (![undefined, 'avx2', 'avx512'].includes(values.isa)) throw new Error('--isa takes avx2 or avx512');
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) throw new Error('--threads takes a number from 1 on');
  return { ...values, threads, names: positionals };
}

/** A case's own way to be measured: each returns what its row says. */
const measures = {
  async pair({ work, threads }, setup) {
    const own = { ...setup, threads: threads ?? setup.threads };
    const side = await ours(work, own).ready();
    if (!setup.python) return soleOf(side, setup);
    const peer = await (own.device === 'gpu' ? gpuPeer : bestPeer)(work, own, side);
    return { ...(await pairUp(side, peer.side, setup)), peer: `PyTorch, ${peer.settings}` };
  },

  async layer({ work, other }, setup) {
    if (setup.against === 'none') return soleOf(await start(work, setup), setup);
    if (!toolsAreThere(onednnTools)) await installTools(onednnTools, say);
    const sides = [await start(work, setup), await start(other, setup)];
    await agree(sides);
    return { ...(await pairUp(...sides, setup)), peer: 'oneDNN 2.6' };
  },

  async self({ work, otherWork = work, own = {}, other = {}, says, differs }, setup) {
    const sides = [await start(work, { ...setup, ...own }), await start(otherWork, { ...setup, ...other })];
    if (!differs) await agree(sides);
    return { ...(await pairUp(...sides, setup)), peer: `Unroll, ${says}` };
  },

  /** The first pair warms the caches up and is dropped. */
  async 'start-up'({ work }, setup) {
    const times = [[], []];
    const make = [() => ours(work, setup), () => theirs(work, setup)].slice(0, setup.python ? 2 : 1);
    for (let pair = 0; pair < 10; pair++) {
      const turns = pair % 2 === 0 ? [0, 1] : [1, 0];
      for (const turn of turns.filter((one) => one < make.length)) {
        const start = performance.now();
        const side = await make[turn]().ready();
        await side.block(1);
        if (pair > 0) times[turn].push(performance.now() - start);
        await side.close();
      }
    }
    if (!setup.python) return { ours: median(times[0]) };
    return { ...ratioOf(...times), ours: median(times[0]), theirs: median(times[1]), peer: 'PyTorch' };
  },

  async sweep({ values, work, from, slope }, setup) {
    const sides = [];
    for (const value of values) sides.push(await ours(work(value), setup).ready());
    const steps = [];
    for (const side of sides) {
      await side.block(1);
      steps.push(Math.max(1, Math.round(100 / (await side.block(1)).milliseconds)));
    }
    const times = await byTurns(sides, steps, setup.seconds);
    for (const side of sides) await side.close();
    const points = values.map((value, i) => [value, times[i]]);
    const steep = points.filter(([value]) => value >= from);
    const [xs, ys] = [0, 1].map((i) => steep.map((point) => point[i]));
    return { ours: times.at(-1), points, slope: logSlope(xs, ys), from, asked: slope };
  },
};

/** A script of ours, or a program of bench/native, which is built first. */
async function start(work, setup) {
  if (!work.program) return ours(work, setup).ready();
  await buildBench(work.program, say);
  return native(work, setup).ready();
}

/** Measures a side that is ready and ends it. */
async function soleOf(side, { seconds }) {
  const found = { ours: await alone(side, seconds), bytes: [side.residentBytes()] };
  await side.close();
  return found;
}

/** Measures two sides that are ready and ends them. */
async function pairUp(side, peer, { seconds }) {
  const found = await inPairs(side, peer, seconds);
  const bytes = [side.residentBytes(), peer.residentBytes()];
  await side.close();
  await peer.close();
  return { ...found, bytes };
}

function rowOf(one, found, setup) {
  const peak = setup.peaks.get(one.threads ?? setup.threads)?.peak;
  const flops = one.kind === 'sweep' || one.kind === 'start-up' ? undefined : one.work.flops;
  const gflops = flops && flops / found.ours / 1e6;
  return { name: one.name, goal: one.goal, ...found, ...(gflops && { gflops, peak }) };
}

const options = readOptions();
const isOnGpu = options.device === 'gpu';
// The programs of bench/native are the processor's.
const chosen = selectCases(options.names, options.quick).filter(
  ({ work, otherWork }) => !isOnGpu || !(work.program || otherWork?.program),
);
if (!options['as-built'] && !(await setUp())) process.exit(1);
const peer = options.against === 'torch' ? await findPeer(options.python, say) : null;
const { isa, peaks } = isOnGpu
  ? { isa: 'opencl', peaks: new Map() }
  : await measurePeaks(options.isa, [...new Set([1, options.threads])], say);
const setup = { ...options, peaks, seconds: options.quick ? 6 : 12, python: undefined };
if (peer && (peer.hasGpu || !isOnGpu)) setup.python = peer.python;
const peakText = [...peaks].map(
  ([threads, { peak, gemm, shape }]) =>
    `${threads} thread${threads > 1 ? 's' : ''}: peak ${digits(peak)} GFLOP/s of multiply-adds, best packed product ` +
    `${digits(gemm)} (${shape})`,
);
for (const line of [`${processor()}, ${isa}`, ...peakText]) say(line);

const found = [];
const failures = [];
const loads = [];
for (const one of chosen) {
  const start = performance.now();
  loads.push(load());
  let row;
  try {
    row = rowOf(one, await measures[one.kind](one, setup), setup);
  } catch (error) {
    // The other cases can still be measured.
    endAll();
    failures.push(`${one.name}: ${error.message}`);
    say(failures.at(-1));
    continue;
  }
  found.push(row);
  if (options.json) process.stdout.write(`${JSON.stringify(jsonOf(row))}\n`);
  const time = row.points ? `slope ${row.slope.toFixed(2)}` : `${digits(row.ours)} ms`;
  say(`${row.name}: ${time} ${ratioText(row)} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
}

const peerText = isOnGpu
  ? 'on its own GPU, in float32 throughout (TF32 off)'
  : `in its best of ${options.threads} threads or one, oneDNN on or off, denormals kept or flushed`;
const title = options.title ?? isa;
const facts = [
  `${processor()}; Linux ${os.release().split('-')[0]}; Node ${process.version}`,
  ...(isOnGpu ? gpu() : []),
  setup.python ? `Peer: PyTorch ${peer.version}, ${peerText}` : 'No peer: Unroll alone',
  `Unroll with ${options.threads} threads, its recording on as users have it (norms at every step)`,
  ...peakText,
  `${isRealTime ? 'Real-time priority for both sides' : 'Ordinary priority'}; others wanted ${digits(Math.min(...loads))} ` +
    `to ${digits(Math.max(...loads))} cores meanwhile (load average, this run's own one among them)`,
];
const section = report({ isa, title, facts, found, failures });
if (!options.json) process.stdout.write(`\n${section}`);
const isWhole = options.names.length === 0 && !options.quick;
if (isWhole || options.write) keep(path.join(root, 'bench/RESULTS.md'), title, section);
if (failures.length > 0) process.exitCode = 1;
