// Starts the Python interpreter, with the torch package imported, from a memory snapshot: a cold start with its imports
// takes seconds, loading its memory a fraction of one. No JavaScript object may be in the snapshot, so torch looks for
// the engine at its first call only.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide, version as pyodideVersion, type PyodideAPI } from 'pyodide';
import { mountHostFiles } from './host-files.ts';
import { cachedSnapshot, fingerprint } from './snapshot-cache.ts';
import session from './session.py';

/** The folder that holds the package `torch`, beside dist/. `UNROLL_PYTHON` names another, for tests. */
const packagesFolder =
  process.env['UNROLL_PYTHON'] ?? path.dirname(fileURLToPath(new URL('.', import.meta.url)));
const pyodideFolder = path.dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));

/** The interpreter's own settings, the same for making a snapshot and for loading one. */
const settings = {
  indexURL: pyodideFolder,
  jsglobals: {},
  env: { HOME: '/' },
  stdout: ignore,
  stderr: ignore,
};

function ignore(): void {
  // Nothing that the interpreter says while it starts is for the user; its failures come as errors.
}

/** A live interpreter with torch and, as the module `_unroll`, session.py. */
export async function startPython(): Promise<PyodideAPI> {
  // The interpreter asks for the time zone once, when it starts.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = [pyodideVersion, timeZone, session, makeSession, packagesFolder];
  const key = fingerprint(parts, path.join(packagesFolder, 'torch'));
  const snapshot = await cachedSnapshot(key, makeSnapshot);
  return await loadPyodide({ ...settings, _loadSnapshot: snapshot });
}

/** Expects `_source` and `_folder`; leaves nothing but the modules. */
const makeSession = `
import gc, sys, types
sys.dont_write_bytecode = True
_session = types.ModuleType('_unroll')
_session.__file__ = '<unroll>'
sys.modules['_unroll'] = _session
exec(compile(_source, '<unroll>', 'exec'), _session.__dict__)
_session.install_torch(_folder)
del _session, _source, _folder
gc.collect()
`;

async function makeSnapshot(): Promise<Uint8Array> {
  const python = await loadPyodide({ ...settings, _makeSnapshot: true });
  mountHostFiles(python);
  const globals = python.globals as unknown as { set: (name: string, value: string) => void };
  globals.set('_source', session);
  globals.set('_folder', packagesFolder);
  python.runPython(makeSession);
  return python.makeMemorySnapshot();
}
