// Everything that `npm start` and `npm test` do, as one list of steps.
import process from 'node:process';
import { countNodeTests, nodeFailures, runNodeTests } from './lib/node-tests.mjs';
import { command, node } from './lib/command.mjs';
import { exists, files, fingerprint, isStamped, read, writeStamp } from './lib/files.mjs';
import {
  addonFingerprint,
  buildNative,
  countCtest,
  release,
  runNativeTests,
  sanitized,
} from './lib/native.mjs';
import {
  browserTools,
  buildTools,
  editorTools,
  installTools,
  openclTools,
  toolsAreThere,
} from './lib/tools.mjs';
import { installVscode, vscodeIsThere } from './lib/vscode.mjs';

const packagesStamp = 'node_modules/.unroll-stamp';
const packagesFingerprint = () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  return fingerprint(['package-lock.json'], [dependencies, devDependencies, process.platform, process.arch]);
};

const addonStamp = 'build/native/.unroll-stamp';

const bundlesStamp = 'dist/.unroll-stamp';
const bundlesFingerprint = () =>
  fingerprint([
    'esbuild.mjs',
    'tsconfig.json',
    'package-lock.json',
    'runtime',
    'protocol',
    'extension',
    'webview',
  ]);

/** What must be there before anything of Unroll runs. @type {import('./lib/scheduler.mjs').Step[]} */
export const setupSteps = [
  {
    name: 'tools',
    says: 'installing a compiler and CMake',
    isDone: () => toolsAreThere(buildTools),
    run: (say) => installTools(buildTools, say),
  },
  {
    name: 'packages',
    says: 'installing what package-lock.json lists',
    needs: ['tools'],
    isDone: () => isStamped(packagesStamp, packagesFingerprint()),
    async run(say) {
      const output = await command('npm', ['ci', '--include=dev', '--no-progress'], { onLine: say });
      writeStamp(packagesStamp, packagesFingerprint());
      return output;
    },
  },
  {
    name: 'native build',
    says: 'compiling the engine (about two minutes)',
    needs: ['tools', 'packages'],
    alone: true,
    isDone: () => exists('build/native/unroll.node') && isStamped(addonStamp, addonFingerprint()),
    async run(say) {
      const print = addonFingerprint();
      const output = await buildNative(release, 'unroll_addon', say);
      writeStamp(addonStamp, print);
      return output;
    },
  },
  {
    name: 'bundles',
    says: 'bundling the command line, the engine process, the extension and its pages',
    needs: ['packages'],
    isDone: () => isStamped(bundlesStamp, bundlesFingerprint()),
    async run(say) {
      const print = bundlesFingerprint();
      const output = await command('npm', ['run', '--silent', 'build:ts'], { onLine: say });
      writeStamp(bundlesStamp, print);
      return output;
    },
  },
];

/** The checks, cheapest first. @type {import('./lib/scheduler.mjs').Step[]} */
const checkSteps = [
  {
    name: 'prettier',
    needs: ['packages'],
    run: () => node('node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  },
  {
    name: 'types',
    needs: ['packages'],
    async run() {
      for (const project of ['tsconfig.json', 'webview', 'test/webview']) {
        await node('node_modules/typescript/bin/tsc', ['--noEmit', '-p', project]);
      }
    },
  },
  {
    name: 'eslint',
    needs: ['packages'],
    run: () => node('node_modules/eslint/bin/eslint.js', ['--max-warnings=0', '.']),
  },
  {
    name: 'clang-format',
    needs: ['packages'],
    run: () => node('scripts/clang-format.mjs', ['--check']),
  },
  {
    name: 'ruff',
    needs: ['packages'],
    run: () => node('scripts/ruff.mjs', ['--check']),
  },
  {
    name: 'invariants',
    needs: ['packages'],
    run: (say) => runNodeTests(files(['test/setup', 'test/bench'], ['.test.mjs']), say),
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'opencl',
    says: 'installing an OpenCL device for the tests',
    needs: ['tools'],
    isDone: () => toolsAreThere(openclTools),
    run: (say) => installTools(openclTools, say),
  },
  {
    name: 'runtime tests',
    needs: ['native build', 'bundles', 'opencl'],
    alone: true,
    async run(say) {
      await node('esbuild.mjs', ['--tests', 'runtime'], { onLine: say });
      return runNodeTests(files(['build/test/runtime'], ['.test.mjs']), say);
    },
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'extension tests',
    needs: ['native build', 'bundles'],
    async run(say) {
      await node('esbuild.mjs', ['--tests', 'extension'], { onLine: say });
      return runNodeTests(files(['build/test/extension'], ['.test.mjs']), say);
    },
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'browser',
    says: 'installing a browser for the tests',
    needs: ['tools'],
    isDone: () => toolsAreThere(browserTools),
    run: (say) => installTools(browserTools, say),
  },
  {
    name: 'webview tests',
    needs: ['bundles', 'browser'],
    alone: true,
    async run(say) {
      await node('esbuild.mjs', ['--tests', 'webview'], { onLine: say });
      return runNodeTests(files(['build/test/webview'], ['.test.mjs']), say);
    },
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'torch tests',
    needs: ['native build', 'bundles', 'opencl'],
    alone: true,
    run: (say) => runNodeTests(files(['test/torch'], ['.test.mjs']), say),
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'example tests',
    needs: ['native build', 'bundles'],
    alone: true,
    run: (say) => runNodeTests(files(['test/examples'], ['.test.mjs']), say),
    count: countNodeTests,
    extract: nodeFailures,
  },
  {
    name: 'native tests, build',
    needs: ['native build'],
    alone: true,
    run: (say) => buildNative(release, 'all', say),
  },
  ...[undefined, 'avx2', 'sse4'].map((isa) => ({
    name: `native tests, ${isa ? `capped at ${isa}` : 'this machine'}`,
    needs: ['native tests, build', 'opencl'],
    alone: true,
    run: (say) => runNativeTests(release, isa, say),
    count: countCtest,
  })),
  {
    name: 'sanitizers, build',
    needs: ['tools', 'packages'],
    alone: true,
    run: (say) => buildNative(sanitized, 'all', say),
  },
  {
    name: 'sanitizers, native tests',
    needs: ['sanitizers, build', 'opencl'],
    alone: true,
    run: (say) => runNativeTests(sanitized, undefined, say),
    count: countCtest,
  },
];

/** The editor, real, in a browser. @type {import('./lib/scheduler.mjs').Step[]} */
export const vscodeSteps = [
  {
    name: 'vscode, install',
    says: 'installing VS Code for the tests (about two minutes)',
    needs: ['tools', 'packages', 'browser'],
    isDone: () => toolsAreThere(editorTools) && vscodeIsThere(),
    async run(say) {
      if (!toolsAreThere(editorTools)) await installTools(editorTools, say);
      if (!vscodeIsThere()) await installVscode(say);
    },
  },
  {
    name: 'vscode, package',
    says: 'packaging the extension',
    needs: ['native build', 'bundles'],
    run: (say) => node('scripts/package.mjs', [], { onLine: say }),
  },
  {
    name: 'vscode tests',
    says: 'driving the packaged extension in VS Code',
    needs: ['vscode, install', 'vscode, package'],
    alone: true,
    // Two windows at a time: each waits for the other side more than it computes.
    run: (say) => runNodeTests(files(['test/vscode'], ['.test.mjs']), say, 2),
    count: countNodeTests,
    extract: nodeFailures,
  },
];

/** All of it: what `npm test` runs. */
export const steps = [...setupSteps, ...checkSteps, ...vscodeSteps];
