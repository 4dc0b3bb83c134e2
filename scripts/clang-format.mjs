// Formats the C++ sources, or with --check names those that are not formatted.
import process from 'node:process';
import { files } from './lib/files.mjs';
import { CommandError, node } from './lib/command.mjs';

const sources = files(['native', 'test/native', 'bench'], ['.cpp', '.h']);
const mode = process.argv.includes('--check') ? ['--dry-run', '-Werror'] : ['-i'];
if (sources.length) {
  try {
    await node('node_modules/clang-format/index.js', [...mode, '--style=file', ...sources]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const unformatted = new Set(
      [...error.output.matchAll(/^(\S+?):\d+:\d+: error/gm)].map((match) => match[1]),
    );
    console.error(unformatted.size ? `not formatted: ${[...unformatted].join(' ')}` : error.output);
    process.exitCode = 1;
  }
}
