// The command line's entry.
import process from 'node:process';
import { unrollVersion } from '../version.ts';
import { type Command, help, parseCommandLine, UsageError } from './arguments.ts';
import { listDevices } from './devices.ts';
import { runScript } from './run.ts';
import { listRunsIn } from './runs.ts';
import { showRun } from './show.ts';

/** Returns the exit code. */
async function perform(command: Command): Promise<number> {
  switch (command.name) {
    case 'run':
      return await runScript(command.options);
    case 'runs':
      return listRunsIn(command.folder);
    case 'show':
      return showRun(command.run, command.tensor);
    case 'devices':
      return await listDevices();
    case 'help':
      console.log(help);
      return 0;
    case 'version':
      console.log(unrollVersion());
      return 0;
  }
}

// A reader that has seen enough (`unroll runs | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  process.exitCode = await perform(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  if (process.env['UNROLL_TRACEBACK'] === 'full') console.error(error);
  else console.error(`unroll: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
