// Starts the Python interpreter, with the torch package imported, from a memory snapshot.
//
// A cold start with its imports takes seconds, loading its memory a fraction of one. The engine's functions are not in
// the snapshot: Python holds references to them, which are given the live functions when the snapshot is loaded.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide, version as pyodideVersion, type PyodideAPI } from 'pyodide';
import type { EngineFunctions } from '../addon.ts';
import { mountFolder } from './host-files.ts';
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
export async function startPython(functions: EngineFunctions): Promise<PyodideAPI> {
  const names = Object.keys(functions).filter((name) => typeof functions[name] === 'function');
  // The interpreter asks for the time zone once, when it starts.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = [pyodideVersion, timeZone, session, makeSession, packagesFolder, ...names];
  const key = fingerprint(parts, path.join(packagesFolder, 'torch'));
  const snapshot = await cachedSnapshot(key, () => makeSnapshot(names));
  return await loadPyodide({
    ...settings,
    _loadSnapshot: snapshot,
    _snapshotDeserializer: ({ name }: Reference) => (name === null ? functions : functions[name]),
  });
}

/** How the snapshot names a reference to one of the engine's functions or (null) to the object they belong to. */
interface Reference {
  name: string | null;
}

/** Expects `_source`, `_folder`, `_names` and `_functions`; leaves nothing but the modules. */
const makeSession = `
import gc, sys, types
sys.dont_write_bytecode = True
_session = types.ModuleType('_unroll')
_session.__file__ = '<unroll>'
sys.modules['_unroll'] = _session
exec(compile(_source, '<unroll>', 'exec'), _session.__dict__)
_session.install_engine(_names.split(), _functions)
_session.install_torch(_folder)
del _session, _source, _folder, _names, _functions
gc.collect()
`;

async function makeSnapshot(names: string[]): Promise<Uint8Array> {
  // Stand-ins for the engine: what torch did with it while being imported would be missing in the run.
  const standIns: Record<string, () => never> = {};
  const references = new Map<unknown, Reference>([[standIns, { name: null }]]);
  for (const name of names) {
    const standIn = () => {
      throw new Error(`_engine.${name} is called while torch is being imported`);
    };
    standIns[name] = standIn;
    references.set(standIn, { name });
  }
  const python = await loadPyodide({ ...settings, _makeSnapshot: true });
  mountFolder(python, path.join('/', packagesFolder.split('/')[1] ?? ''));
  for (const [name, value] of Object.entries({
    source: session,
    folder: packagesFolder,
    names: names.join(' '),
  })) {
    python.globals.set(`_${name}`, value);
  }
  python.globals.set('_functions', standIns);
  python.runPython(makeSession);
  return python.makeMemorySnapshot({
    serializer: (value) => {
      const reference = references.get(value);
      if (!reference) throw new Error(`the snapshot would hold a JavaScript object: ${String(value)}`);
      return reference;
    },
  });
}
