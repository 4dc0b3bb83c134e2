// The few things that no npm package brings: Node itself, a C++ compiler, CMake and what CMake drives.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { command } from './command.mjs';

/** Where on the PATH a program of this name is (or itself, where it is an executable file's path). */
function locate(program) {
  const places = program.includes('/') ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  return places
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** What the native part is built with. Any one of `programs` will do; `debian` is the package that brings one. */
export const buildTools = {
  purpose: "Building Unroll's native part",
  tools: [
    { what: 'a C++20 compiler', programs: ['c++', 'g++', 'clang++'], variable: 'CXX', debian: 'g++' },
    { what: 'CMake', programs: ['cmake'], debian: 'cmake' },
    { what: 'make or Ninja', programs: ['make', 'ninja'], debian: 'make' },
  ],
};

/** What the pages are looked at with in the tests, and VS Code is driven with. */
export const browserTools = {
  purpose: 'Looking at the pages in the tests',
  tools: [
    {
      what: 'Chromium',
      programs: ['chromium', 'chromium-browser', 'google-chrome'],
      variable: 'CHROMIUM',
      debian: 'chromium',
    },
  ],
};

/** The OpenCL device that the GPU's code is tested on: the processor's cores. Unroll itself needs none. */
export const openclTools = {
  purpose: "Testing the GPU's code",
  tools: [
    {
      what: 'an OpenCL loader',
      programs: [],
      files: library('libOpenCL.so.1'),
      debian: 'ocl-icd-libopencl1',
    },
    { what: 'PoCL', programs: [], files: ['/etc/OpenCL/vendors/pocl.icd'], debian: 'pocl-opencl-icd' },
    { what: 'CLBlast', programs: [], files: library('libclblast.so.1'), debian: 'libclblast1' },
  ],
};

/** Where Debian puts it. */
function library(name) {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return ['/usr/lib', '/lib'].map((folder) => `${folder}/${architecture}-linux-gnu/${name}`);
}

/** What VS Code searches a folder's files with in the tests. */
export const editorTools = {
  purpose: 'Driving VS Code in the tests',
  tools: [{ what: 'ripgrep', programs: ['rg'], debian: 'ripgrep' }],
};

/** The peer of a recurrent layer in the bench. */
export const onednnTools = {
  purpose: 'Comparing a layer with oneDNN',
  tools: [{ what: 'oneDNN', programs: [], files: library('libdnnl.so'), debian: 'libdnnl-dev' }],
};

/** What a bare root file system is made with. */
export const rootTools = {
  purpose: 'Making a bare root file system',
  tools: [{ what: 'debootstrap', programs: ['debootstrap', '/usr/sbin/debootstrap'], debian: 'debootstrap' }],
};

/** The path or name of the first program or file that there is, the one that its variable names before all. */
function find({ programs, variable, files = [] }) {
  const chosen = variable && process.env[variable]?.split(' ')[0];
  return (chosen ? [chosen] : programs).map(locate).find(Boolean) ?? files.find((file) => existsSync(file));
}

/** Whether every tool is there. */
export const toolsAreThere = ({ tools }) => tools.every(find);

/** CMake's generator: make where it is there, else Ninja. */
export const generator = () => (locate('make') ? 'Unix Makefiles' : 'Ninja');

/** Chromium's path. */
export const chromiumPath = () => find(browserTools.tools[0]);

/** ripgrep's path. */
export const ripgrepPath = () => find(editorTools.tools[0]);

/**
 * Installs the missing tools where this process may (root, on Debian or its kind).
 *
 * @throws {Error} that names what is missing and the command to run, where it may not
 */
export async function installTools({ purpose, tools }, say) {
  const absent = tools.filter((tool) => !find(tool));
  const packages = absent.map((tool) => tool.debian);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  const sentence = `${purpose} needs ${absent.map((tool) => tool.what).join(', ')}`;
  if (!locate('apt-get')) {
    throw new Error(`${sentence}: please install with your system's package manager.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`${sentence}. Please run:\n\n  sudo apt-get ${install.join(' ')}\n`);
  }
  say(`installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=300'];
  await command('apt-get', [...patient, 'update'], { env, onLine: say });
  return command('apt-get', [...patient, ...install], { env, onLine: say });
}

/** @throws {Error} where this Node is older than package.json's "engines" asks for */
export function checkNode(range) {
  const wanted = range.replace(/^>=/, '').split('.').map(Number);
  const found = process.versions.node.split('.').map(Number);
  const isOlder = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < (wanted[1] ?? 0));
  if (isOlder) throw new Error(`Unroll needs Node ${range}; this is ${process.versions.node}.`);
}
