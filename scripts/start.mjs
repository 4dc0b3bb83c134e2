// `npm start [-- ARGS]`: sets up what is missing and trains the example, with ARGS for its script.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { root } from './lib/command.mjs';
import { setUp } from './setup.mjs';

const nextSteps = `
What next:
  bin/unroll show last               the run's loss and gradient through time, in the terminal
  npm start -- --epochs 20           train longer; npm start -- --help names every setting
  code examples/char-lm              look at the script in VS Code
  bin/unroll run YOUR_SCRIPT.py      train your own`;

if (!(await setUp())) process.exit(1);

const args = [path.join(root, 'bin/unroll'), 'run', 'examples/char-lm/main.py', ...process.argv.slice(2)];
const training = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the training by itself, as it belongs to the same terminal; what it does with it decides.
process.removeAllListeners('SIGINT').on('SIGINT', () => {});
process.on('exit', () => training.kill('SIGTERM'));
training.on('exit', (code, signal) => {
  if (code === 0 && !args.includes('--help')) console.log(nextSteps);
  process.exit(signal ? 1 : code);
});
