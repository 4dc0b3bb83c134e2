// The versions that a run's record names.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Package {
  version: string;
}

/** Of this product. */
export function unrollVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as Package).version;
}

/** Of the interpreter's package. */
export function pyodideVersion(): string {
  return (createRequire(import.meta.url)('pyodide/package.json') as Package).version;
}
