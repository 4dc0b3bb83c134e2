// Bundles the TypeScript: `node esbuild.mjs` makes dist/, `node esbuild.mjs --tests ROOM` makes build/test/ROOM/.
import { readdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

const common = { absWorkingDir: root, bundle: true, sourcemap: true, logLevel: 'warning' };
const forNode = { ...common, platform: 'node', target: 'node20.18' };

/** Processes and threads of our own. */
const modules = {
  ...forNode,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  packages: 'external',
  loader: { '.py': 'text' },
};
/** What VS Code's extension host loads: it has no ES modules. */
const scripts = {
  ...forNode,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** The pages: a script and a style sheet each, and the icons' font. */
const pages = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome122',
  minify: true,
  loader: { '.ttf': 'file' },
  assetNames: 'webview/[name]',
};

const bundles = [
  {
    ...modules,
    entryPoints: {
      cli: 'runtime/cli/main.ts',
      engine: 'runtime/engine/main.ts',
      trainer: 'runtime/trainer/main.ts',
      disk: 'extension/disk/main.ts',
    },
  },
  { ...scripts, entryPoints: { extension: 'extension/main.ts' } },
  {
    ...pages,
    entryPoints: { 'webview/panel': 'webview/panel/main.ts', 'webview/training': 'webview/training/main.ts' },
  },
];

function testsOf(room) {
  const folder = `test/${room}`;
  const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' });
  const tests = names.filter((name) => name.endsWith('.test.ts'));
  return {
    ...modules,
    entryPoints: Object.fromEntries(tests.map((name) => [name.slice(0, -3), `${folder}/${name}`])),
  };
}

/** The pages' tests need a host to put into the page; `shots` takes pictures of them. */
const pageTests = [
  { ...pages, minify: false, entryPoints: { host: 'test/webview/harness/fake-host.ts' } },
  { ...modules, entryPoints: { shots: 'test/webview/shots.ts', 'run-shots': 'test/webview/run-shots.ts' } },
];

const [option, room] = process.argv.slice(2);
const outdir = option === '--tests' ? `build/test/${room}` : 'dist';
rmSync(root + outdir, { recursive: true, force: true });
const made = option === '--tests' ? [testsOf(room), ...(room === 'webview' ? pageTests : [])] : bundles;
for (const bundle of made) await build({ ...bundle, outdir });
