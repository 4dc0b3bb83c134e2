// The few things that no npm package brings: Node itself, a C++ compiler, CMake and what CMake drives.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { command } from './command.mjs';

/** Whether a program of this name is on the PATH (or is an executable file, where it is a path). */
function has(program) {
  const places = program.includes('/') ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  return places.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Debian's packages for what is missing: any one of `programs` will do. */
const tools = [
  { what: 'a C++20 compiler', programs: ['c++', 'g++', 'clang++'], variable: 'CXX', debian: 'g++' },
  { what: 'CMake', programs: ['cmake'], debian: 'cmake' },
  { what: 'make or Ninja', programs: ['make', 'ninja'], debian: 'make' },
];

function missing() {
  return tools.filter(({ programs, variable }) => {
    const chosen = variable && process.env[variable]?.split(' ')[0];
    return !(chosen ? has(chosen) : programs.some(has));
  });
}

/** Whether every tool is there. */
export const toolsAreThere = () => missing().length === 0;

/** CMake's generator: make where it is there, else Ninja. */
export const generator = () => (has('make') ? 'Unix Makefiles' : 'Ninja');

/**
 * Installs the missing tools where this process may (root, on Debian or its kind).
 *
 * @throws {Error} that names what is missing and the command to run, where it may not
 */
export async function installTools(say) {
  const absent = missing();
  const packages = absent.map((tool) => tool.debian);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  const names = absent.map((tool) => tool.what).join(', ');
  if (!has('apt-get')) {
    throw new Error(
      `Unroll's native part needs ${names}: please install with your system's package manager.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      `Unroll's native part needs ${names}. Please run:\n\n  sudo apt-get ${install.join(' ')}\n`,
    );
  }
  say(`installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await command('apt-get', ['update'], { env, onLine: say });
  return command('apt-get', install, { env, onLine: say });
}

/** @throws {Error} where this Node is older than package.json's "engines" asks for */
export function checkNode(range) {
  const wanted = range.replace(/^>=/, '').split('.').map(Number);
  const found = process.versions.node.split('.').map(Number);
  const isOlder = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < (wanted[1] ?? 0));
  if (isOlder) throw new Error(`Unroll needs Node ${range}; this is ${process.versions.node}.`);
}
