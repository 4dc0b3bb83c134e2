// The two sides of a comparison: each a process that waits on its standard input for the number of steps to make, and
// answers with the milliseconds a step took and the last loss (bench/scripts/blocks.py).
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../shared.mjs';

const scripts = path.join(root, 'bench/scripts');
const answerMilliseconds = 120_000;
/** Threads that spin after a block are quiet when the other side's begins. */
const restMilliseconds = 15;

/**
 * Real-time priority where it is permitted, so that other programs do not run in between. In turn (round robin): V8's
 * threads wait for each other in a loop, and under a first-in, first-out schedule the one that is waited for may never
 * run. Niceness does not do: where the kernel schedules by groups it counts within each only.
 */
export const isRealTime = spawnSync('chrt', ['-r', '50', 'true']).status === 0;
export const inFront = isRealTime ? ['chrt', '-r', '50'] : [];

/** What caps the instruction set, ours and PyTorch's; nothing where `isa` is undefined. */
export function capped(isa) {
  if (isa === undefined) return {};
  const onednn = { avx2: 'AVX2', avx512: 'AVX512_CORE' }[isa];
  return {
    UNROLL_ISA: isa,
    ATEN_CPU_CAPABILITY: isa,
    ONEDNN_MAX_CPU_ISA: onednn,
    DNNL_MAX_CPU_ISA: onednn, // its name in oneDNN 2
    MKL_ENABLE_INSTRUCTIONS: isa.toUpperCase(),
  };
}

const alive = new Set();
process.on('exit', endAll);

/** Ends every side that has not been closed. */
export function endAll() {
  for (const side of alive) side.kill();
}

/** One process, measured block by block. */
class Side {
  #child;
  #lines;
  #errors = '';
  #folder;
  #ended;

  constructor(command, env, folder) {
    this.#folder = folder;
    const [program, ...args] = [...inFront, ...command];
    this.#child = spawn(program, args, {
      // Not the checkout: Python would find our torch there.
      cwd: scripts,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    alive.add(this);
    this.#child.stdin.on('error', () => {}); // its end is told below
    this.#child.stderr.on('data', (chunk) => (this.#errors = (this.#errors + chunk).slice(-4000)));
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', resolve);
    });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line that begins with `word`, its other words. */
  async #next(word) {
    const timer = setTimeout(() => this.kill(), answerMilliseconds);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done) throw new Error(`a side has ended before its answer:\n${this.#errors}`);
        const [first, ...others] = value.split(' ');
        if (first === word) return others;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until its script has made model and data. */
  async ready() {
    await this.#next('ready');
    return this;
  }

  /** Makes `steps` steps. @returns {Promise<{ milliseconds: number, loss: number }>} of one of them; the last one's */
  async block(steps) {
    await sleep(restMilliseconds);
    this.#child.stdin.write(`${steps}\n`);
    const [milliseconds, loss] = (await this.#next('block')).map(Number);
    return { milliseconds, loss };
  }

  /** PyTorch only: from the next block on. @param {{ threads: number, onednn: 'on' | 'off' }} settings */
  set({ threads, onednn }) {
    this.#child.stdin.write(`set ${threads} ${onednn}\n`);
  }

  /** Resident bytes of the process and all below it. */
  residentBytes() {
    const bytesOf = (pid) => {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
      return children.filter(Boolean).reduce((sum, child) => sum + bytesOf(child), own);
    };
    return bytesOf(this.#child.pid);
  }

  /** Ends it: its script ends with its input. */
  async close() {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.kill(), 10_000);
    await this.#ended;
    clearTimeout(timer);
    alive.delete(this);
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}

/** The command-line arguments of a script's options. */
const argumentsOf = ({ script, options }, device) => [
  path.join(scripts, script),
  ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ...(device === 'gpu' ? ['--device', 'cuda'] : []),
];

/** Ours, as users run it: the norms are recorded, unless `records` is false, and histograms now and then. */
export function ours(work, { isa, device, threads, records = true, histogramEvery }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-bench-'));
  const recording = records ? ['--out', path.join(folder, 'run')] : ['--no-record'];
  if (histogramEvery !== undefined) recording.push('--histograms', String(histogramEvery));
  const chosen = ['--device', device, '--threads', String(threads)];
  const unroll = [path.join(root, 'bin/unroll'), 'run', ...chosen, ...recording];
  return new Side([process.execPath, ...unroll, ...argumentsOf(work, device)], capped(isa), folder);
}

/** A program of bench/native that has been built. */
export function native({ program, options }, { isa, threads }) {
  const numbers = Object.entries({ ...options, threads }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  return new Side([path.join(root, `build/native/bench.${program}`), ...numbers], capped(isa), null);
}

/** PyTorch's. @param {{ flush: 'flush' | 'plain' }} how denormal numbers are taken */
export function theirs(work, { isa, device, threads, python, flush = 'plain' }) {
  const command = [python, path.join(scripts, 'peer.py'), flush, ...argumentsOf(work, device)];
  return new Side(command, { ...capped(isa), OMP_NUM_THREADS: String(threads) }, null);
}
