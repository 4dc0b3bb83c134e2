// Two sides by turns: first whether they compute the same, then PyTorch's best settings, then how long each takes.
import { performance } from 'node:perf_hooks';
import { median, ratioOf } from './statistics.mjs';
import { theirs } from './sides.mjs';

/** Of one side's share of a block; long enough that asking for it counts for nothing. */
const blockMilliseconds = 150;
const sweepMilliseconds = 100;
const fewestPairs = 9;
/** An interval this narrow, as a share of the ratio, needs no more pairs. */
const narrow = 0.04;
const lossTolerance = 1e-4;

const stepsFor = (milliseconds, of) => Math.max(1, Math.round(of / milliseconds));

/**
 * The losses of the first steps, one by one, on each of fresh sides.
 *
 * @throws where they differ by more than rounding explains
 */
export async function agree(sides) {
  for (let step = 1; step <= 5; step++) {
    const losses = [];
    for (const side of sides) losses.push((await side.block(1)).loss);
    const apart = Math.max(...losses) - Math.min(...losses);
    if (!(apart <= lossTolerance * Math.max(1, Math.abs(losses[0])))) {
      throw new Error(`the losses of step ${step} differ: ${losses.join(', ')}`);
    }
  }
}

/** PyTorch on the same GPU, started and agreeing with `ours`. */
export async function gpuPeer(work, setup, ours) {
  const side = await theirs(work, setup).ready();
  await agree([ours, side]);
  return { side, settings: 'on the GPU' };
}

/**
 * PyTorch with denormal numbers kept and flushed, as two processes that have been started and agree with `ours`; the
 * better of both in its best of {one thread, as many as ours} x {oneDNN on, off}. The others are closed.
 */
export async function bestPeer(work, setup, ours) {
  const flushes = ['plain', 'flush'];
  const peers = {};
  for (const flush of flushes) peers[flush] = await theirs(work, { ...setup, flush }).ready();
  await agree([ours, ...Object.values(peers)]);
  const steps = stepsFor((await peers.plain.block(1)).milliseconds, sweepMilliseconds);
  let candidates = [...new Set([setup.threads, 1])].flatMap((threads) =>
    ['on', 'off'].flatMap((onednn) => flushes.map((flush) => ({ threads, onednn, flush, times: [] }))),
  );
  // All once; then what is not far behind, some times more.
  for (let round = 0; round < 4; round++) {
    for (const { threads, onednn, flush, times } of candidates) {
      peers[flush].set({ threads, onednn });
      await peers[flush].block(1);
      times.push((await peers[flush].block(steps)).milliseconds);
    }
    const best = Math.min(...candidates.map(({ times }) => median(times)));
    candidates = candidates.filter(({ times }) => median(times) <= 1.25 * best);
  }
  candidates.sort((a, b) => median(a.times) - median(b.times));
  const [best] = candidates;
  for (const flush of flushes) if (flush !== best.flush) await peers[flush].close();
  peers[best.flush].set(best);
  const settings = [
    `${best.threads} thread${best.threads > 1 ? 's' : ''}`,
    `oneDNN ${best.onednn}`,
    `denormals ${best.flush === 'flush' ? 'flushed' : 'kept'}`,
  ].join(', ');
  return { side: peers[best.flush], settings };
}

/** Blocks of `ours` and `peer` in pairs, the order turned round from pair to pair, for `seconds` at most. */
export async function inPairs(ours, peer, seconds) {
  const warm = [];
  for (const side of [ours, peer, ours, peer]) warm.push((await side.block(1)).milliseconds);
  const steps = stepsFor(Math.min(warm[2], warm[3]), blockMilliseconds);
  for (const side of [ours, peer]) await side.block(steps);
  const times = [[], []];
  const end = performance.now() + 1000 * seconds;
  for (let pair = 0; ; pair++) {
    const turns = pair % 2 === 0 ? [0, 1] : [1, 0];
    for (const turn of turns) {
      const { milliseconds, loss } = await [ours, peer][turn].block(steps);
      if (!Number.isFinite(loss)) throw new Error(`the loss of a side has become ${loss}`);
      times[turn].push(milliseconds);
    }
    const found = ratioOf(...times);
    const isTight = times[0].length >= fewestPairs && found.width <= narrow;
    if (isTight || performance.now() > end) {
      return { ...found, ours: median(times[0]), theirs: median(times[1]), pairs: times[0].length };
    }
  }
}

/** Ours alone: the median of its blocks. */
export async function alone(side, seconds) {
  await side.block(1);
  const steps = stepsFor((await side.block(1)).milliseconds, blockMilliseconds);
  return (await byTurns([side], [steps], seconds))[0];
}

/** Median milliseconds of each of several sides whose blocks are taken in turn. */
export async function byTurns(sides, steps, seconds) {
  const times = sides.map(() => []);
  for (const [i, side] of sides.entries()) await side.block(steps[i]);
  const end = performance.now() + 1000 * seconds;
  do {
    for (const [i, side] of sides.entries()) times[i].push((await side.block(steps[i])).milliseconds);
  } while (performance.now() < end || times[0].length < 5);
  return times.map(median);
}
