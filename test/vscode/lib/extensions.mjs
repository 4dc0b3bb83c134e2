// What is installed in the editor: Unroll as its package, and others beside it.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What Unroll's package.json says. */
export const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

/** The package that `npm run package` has made of this checkout. */
export function vsix() {
  const name = `unroll-${process.platform}-${process.arch}-${manifest.version}.vsix`;
  return fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}

/** Another extension that debugs Python. */
export const otherPythonDebugger = fileURLToPath(
  new URL('../extensions/other.python-debugger-1.0.0', import.meta.url),
);

/** One that calls any command: "Caller: Call a Command". */
export const caller = fileURLToPath(new URL('../extensions/other.caller-1.0.0', import.meta.url));
