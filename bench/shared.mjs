// What the benches share: modules of ours to call without a build of their own, and the middle of many timings.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Imports a TypeScript module, bundled under build/bench. @param {string} source from the checkout's root */
export async function load(source) {
  const outfile = path.join(root, 'build/bench', path.basename(source).replace(/\.ts$/, '.mjs'));
  await build({
    ...{ entryPoints: [path.join(root, source)], outfile },
    ...{ bundle: true, platform: 'node', format: 'esm' },
  });
  return import(pathToFileURL(outfile).href);
}

/** The value under which `share` of them lie: their median, where none is said. */
export const quantile = (values, share = 0.5) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
