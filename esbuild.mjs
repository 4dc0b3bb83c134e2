// Bundles the TypeScript: `node esbuild.mjs` makes dist/, `node esbuild.mjs --tests` makes build/test/runtime/.
import { readdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const isTests = process.argv.includes('--tests');

const bundles = {
  cli: 'runtime/cli/main.ts',
  engine: 'runtime/engine/main.ts',
  trainer: 'runtime/trainer/main.ts',
};

const testFiles = readdirSync(`${root}test/runtime`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
);
const tests = Object.fromEntries(testFiles.map((name) => [name.slice(0, -3), `test/runtime/${name}`]));

const outdir = isTests ? 'build/test/runtime' : 'dist';
rmSync(root + outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: isTests ? tests : bundles,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.18',
  loader: { '.py': 'text' },
  sourcemap: true,
  logLevel: 'warning',
});
