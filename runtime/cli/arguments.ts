// What the command line may say.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { usualHistogramEvery } from '../../protocol/engine.ts';

export interface RunOptions {
  script: string;
  arguments: string[];
  device: string;
  threads: number | null;
  out: string | null;
  record: boolean;
  histogramEvery: number;
  json: boolean;
}

export type Command =
  | { name: 'run'; options: RunOptions }
  | { name: 'runs'; folder: string | null }
  | { name: 'show'; run: string; tensor: string | null }
  | { name: 'devices' | 'help' | 'version' };

/** The command line is wrong; nothing has been done. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const help = `Trains PyTorch scripts natively and records what happens inside.

Usage:
  unroll run [OPTIONS] SCRIPT [ARGS...]  train; ARGS are the script's own
    --device NAME    where tensors live: cpu, gpu, gpu:1 (default: cpu; see unroll devices)
    --threads N      threads of the kernels (default: one a core)
    --out DIR        the run's folder (default: .unroll/runs/TIME-SCRIPT)
    --histograms N   distributions of weights and gradients every N steps (default: ${usualHistogramEvery}; 0: none)
    --no-record      measure and write nothing
    --json           one JSON object a step on standard output; the script's output goes to standard error
  unroll runs [DIR]                      the runs recorded in DIR (default: here)
  unroll show RUN [--tensor NAME]        last values and plots; RUN is a folder, a name, or "last"
  unroll devices                         what can compute here
  unroll --help | --version

Ctrl-C reaches the script as KeyboardInterrupt; twice within a second ends it.`;

const runOptions = {
  device: { type: 'string', default: 'cpu' },
  threads: { type: 'string' },
  out: { type: 'string' },
  histograms: { type: 'string', default: String(usualHistogramEvery) },
  'no-record': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function parseCommandLine(args: string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case 'run':
      return parseRun(rest);
    case 'runs': {
      const { positionals } = parse({ args: rest, allowPositionals: true, options: {} });
      atMost(positionals, 1);
      return { name, folder: positionals[0] ?? null };
    }
    case 'show': {
      const { values, positionals } = parse({
        args: rest,
        allowPositionals: true,
        options: { tensor: { type: 'string' } },
      });
      atMost(positionals, 1);
      if (positionals[0] === undefined) throw new UsageError('which run? `unroll runs` lists them');
      return { name, run: positionals[0], tensor: values.tensor ?? null };
    }
    case 'devices':
      atMost(parse({ args: rest, allowPositionals: true, options: {} }).positionals, 0);
      return { name };
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      return { name: 'help' };
    case '--version':
    case 'version':
      return { name: 'version' };
    default:
      throw new UsageError(`there is no command "${name}"; \`unroll --help\` names them`);
  }
}

/** Options end where the script's name stands: all after it is the script's. */
function parseRun(args: string[]): Command {
  let ours = 0;
  while (ours < args.length && args[ours]?.startsWith('-') === true && args[ours] !== '--') {
    const option = args[ours]?.slice(2) ?? '';
    const takesValue =
      Object.hasOwn(runOptions, option) && runOptions[option as keyof typeof runOptions].type === 'string';
    ours += takesValue ? 2 : 1;
  }
  const { values } = parse({ args: args.slice(0, ours), options: runOptions });
  if (values.help) return { name: 'help' };
  const [script, ...scriptArguments] = args.slice(args[ours] === '--' ? ours + 1 : ours);
  if (script === undefined)
    throw new UsageError('which script? usage: unroll run [OPTIONS] SCRIPT [ARGS...]');
  return {
    name: 'run',
    options: {
      script,
      arguments: scriptArguments,
      device: values.device,
      threads: values.threads === undefined ? null : wholeNumber('threads', values.threads, [1, 1024]),
      out: values.out ?? null,
      record: !values['no-record'],
      histogramEvery: wholeNumber('histograms', values.histograms, [0, 1e9]),
      json: values.json,
    },
  };
}

function wholeNumber(option: string, text: string, [least, most]: [number, number]): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${option} takes a number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

/** node:util's own parser, its complaints in one line. */
function parse<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    throw new UsageError(`${message.split(/\. |\n/)[0] ?? message}; see \`unroll --help\``, { cause: error });
  }
}

function atMost(positionals: string[], count: number): void {
  const extra = positionals[count];
  if (extra !== undefined) throw new UsageError(`one argument too many: "${extra}"; see \`unroll --help\``);
}
