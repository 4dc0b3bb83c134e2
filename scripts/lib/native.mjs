// The native builds: one CMake project configured into two folders, the one that ships and the one that
// runs its tests under the sanitizers.
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { command, root } from './command.mjs';
import { exists, fingerprint } from './files.mjs';
import { generator } from './tools.mjs';

/** The build that ships: optimised, with the addon, and with the tests as targets of their own. */
export const release = { folder: 'build/native', options: ['-DUNROLL_TESTS=ON'] };

/** AddressSanitizer and UBSan; without the addon, which Node could not load. */
export const sanitized = {
  folder: 'build/sanitize',
  options: ['-DUNROLL_TESTS=ON', '-DUNROLL_SANITIZE=ON', '-DUNROLL_ADDON=OFF'],
};

/** ThreadSanitizer, for the tests of what two threads share. */
export const threadSanitized = {
  folder: 'build/threads',
  options: ['-DUNROLL_TESTS=ON', '-DUNROLL_SANITIZE_THREADS=ON', '-DUNROLL_ADDON=OFF'],
};

/** A hash of all that the addon is made from. */
export const addonFingerprint = () =>
  fingerprint(
    ['native', 'package-lock.json'],
    [root, process.arch, process.env.CXX ?? '', process.env.CXXFLAGS ?? ''],
  );

/** Configures `build` where needed and builds `target` with every core. */
export async function buildNative(build, target, say) {
  forgetIfMoved(build.folder);
  const configure = ['-S', 'native', '-B', build.folder, ...build.options];
  if (!exists(`${build.folder}/CMakeCache.txt`)) configure.push('-G', generator());
  const output = await command('cmake', configure, { onLine: say });
  const jobs = String(os.availableParallelism());
  return (
    output +
    (await command('cmake', ['--build', build.folder, '-j', jobs, '--target', target], { onLine: say }))
  );
}

/** CMake refuses a build folder whose checkout has moved: such a one is deleted and made anew. */
function forgetIfMoved(folder) {
  const cache = `${folder}/CMakeCache.txt`;
  if (!exists(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(
    readFileSync(path.join(root, cache), 'utf8'),
  )?.[1];
  if (home !== path.join(root, 'native')) rmSync(path.join(root, folder), { recursive: true });
}

/**
 * Runs the tests built in `build`, several at a time.
 *
 * @param {'sse4' | 'avx2' | undefined} isa the highest instruction set to use; the machine's where undefined
 */
export function runNativeTests(build, isa, say) {
  // Kernels that the tests compile are kept with the build, not among the user's own.
  const cache = { XDG_CACHE_HOME: path.join(root, build.folder, 'cache') };
  const env = isa ? { ...cache, UNROLL_ISA: isa } : cache;
  const jobs = String(os.availableParallelism());
  // A test that hangs is named, in place of the whole step being given up.
  const args = ['--test-dir', build.folder, '--output-on-failure', '--no-tests=error', '--timeout', '600'];
  return command('ctest', [...args, '-j', jobs], { env, onLine: say });
}

/** Reads ctest's closing line. */
export function countCtest(output) {
  const match = /(\d+) tests failed out of (\d+)/.exec(output);
  if (!match) return null;
  const [failed, all] = [Number(match[1]), Number(match[2])];
  return { passed: all - failed, failed };
}
