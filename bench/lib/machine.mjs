// What this machine can do at best, and what there is to say of it beside a timing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buildNative, release } from '../../scripts/lib/native.mjs';
import { root } from '../shared.mjs';
import { capped, inFront } from './sides.mjs';

/** Builds a program of bench/native where it is out of date. */
export const buildBench = (program, say) =>
  buildNative({ ...release, options: [...release.options, '-DUNROLL_BENCH=ON'] }, `bench.${program}`, say);

/**
 * The multiply-add peak and the best product of ours, in GFLOP/s, by turns in one process (bench/native/gemm.cpp), for
 * each of `threads`.
 *
 * @returns {Promise<{ isa: string, peaks: Map<number, { peak: number, gemm: number, shape: string }> }>}
 */
export async function measurePeaks(isa, threads, say) {
  await buildBench('gemm', say);
  const peaks = new Map();
  let found = isa;
  for (const count of threads) {
    const command = [path.join(root, 'build/native/bench.gemm'), '--json', '--threads', String(count)];
    const [program, ...args] = [...inFront, ...command];
    const output = execFileSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, ...capped(isa) },
    });
    const packed = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'packed');
    const best = packed.reduce((a, b) => (b.gflops > a.gflops ? b : a));
    found = best.isa;
    peaks.set(count, { peak: best.peak, gemm: best.gflops, shape: `${best.M} x ${best.N} x ${best.K}` });
  }
  return { isa: found, peaks };
}

/** The processor, without the name of the host. */
export const processor = () => `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores`;

/** The first OpenCL device, and whose products it computes, as `unroll devices` says them. */
export function gpu() {
  const unroll = [path.join(root, 'bin/unroll'), 'devices'];
  const lines = execFileSync(process.execPath, unroll, { encoding: 'utf8' }).trim().split('\n');
  const device = lines.find((line) => line.startsWith('opencl:0'));
  if (device === undefined) throw new Error(lines.at(-1));
  return [device.replaceAll(/ {2,}/g, ', '), lines.at(-1).replace(/\.$/, '')];
}

/** How many others want to run, on average over the last minute. */
export const load = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
