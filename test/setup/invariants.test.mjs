// What must never be found in the sources, and what must lie beside what: ARCHITECTURE.md, "Invariants".
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { exists, files, read } from '../../scripts/lib/files.mjs';

const cpp = ['.cpp', '.h'];
const typescript = ['.ts', '.mts', '.mjs', '.js'];
const rooms = ['protocol', 'extension', 'runtime', 'torch', 'webview', 'native', 'examples', 'bench', 'bin'];

/** Each line of `sources` that matches `pattern`, as "file:line: text". */
function linesWith(pattern, sources) {
  return sources.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const outside = (sources, room) => sources.filter((file) => !file.startsWith(`${room}/`));

test('Node-API is known to native/binding only', () => {
  const sources = outside(files(['native', 'test/native', 'bench'], cpp), 'native/binding');
  assert.ok(sources.length > 0);
  assert.deepEqual(linesWith(/\bnapi|node_api|\bv8::|<uv\.h>/i, sources), []);
});

test('native/binding computes nothing: no kernel, no intrinsics', () => {
  assert.deepEqual(linesWith(/immintrin|backend\/cpu\/kernels/, files(['native/binding'], cpp)), []);
});

test('vscode is imported in extension/ only', () => {
  const sources = outside(files([...rooms, 'scripts'], typescript), 'extension');
  assert.deepEqual(linesWith(/\b(from|import|require)\b[ (]*['"]vscode['"]/, sources), []);
});

test('the DOM is used in webview/ only', () => {
  // In extension/ `window` and `document` are VS Code's own.
  const sources = outside(outside(files(rooms, typescript), 'webview'), 'extension');
  assert.deepEqual(linesWith(/\b(document|window)\.\w|\bHTML\w*Element\b|lib="dom"/, sources), []);
});

test('protocol/ imports nothing but types and itself', () => {
  const imports = linesWith(/^\s*(import|export)\b.*\bfrom\b/, files(['protocol'], typescript));
  assert.deepEqual(
    imports.filter((line) => !/: (import|export) type\b|from '\.\//.test(line)),
    [],
  );
});

test('webview/ imports itself, protocol/, the charts, the icons and, in one module, the widgets', () => {
  const sources = files(['webview'], typescript);
  const imports = sources.flatMap((file) =>
    [...read(file).matchAll(/^(?:import|export)\b[^;]*?(?:from |import )'([^']+)';$/gm)].map((match) => [
      file,
      match[1],
    ]),
  );
  assert.ok(imports.length > sources.length);
  const allowed = /^(uplot(\/dist\/uPlot\.min\.css)?|@vscode\/codicons\/.*)$/;
  const isOurs = (file, target) => {
    const room = path.posix.join(path.posix.dirname(file), target).split('/')[0];
    return target.startsWith('.') && (room === 'webview' || room === 'protocol');
  };
  const others = imports.filter(([file, target]) => !allowed.test(target) && !isOurs(file, target));
  assert.deepEqual(others, [['webview/ui/widgets.ts', '@vscode/webview-ui-toolkit']]);
});

test('nothing listens on a port', () => {
  assert.deepEqual(linesWith(/\.listen\(\s*(\d|\{?\s*port|0\b)/, files(rooms, typescript)), []);
});

test('torch/ knows the engine through torch/_native.py only, and no package but its own', () => {
  const sources = files(['torch'], ['.py']);
  assert.ok(sources.length > 0);
  assert.deepEqual(linesWith(/^\s*(import|from) (js|numpy)\b/, sources), []);
  const others = sources.filter((file) => file !== 'torch/_native.py');
  assert.deepEqual(linesWith(/^\s*(import|from) (_engine|pyodide\b[\w.]*)\b/, others), []);
});

test('an operation has its test at the mirrored path', () => {
  const operations = files(['native/ops'], ['.cpp']);
  assert.ok(operations.length > 0);
  assert.deepEqual(
    operations.filter((file) => !exists(`test/${file}`)),
    [],
  );
});

/** Operations that only backward formulas use. */
const formulas = new Set(['sum_to']);

test('an operation that is declared can be reached from a script', () => {
  const declared = [
    ...read('native/ops/ops.h').matchAll(/^(?:Tensor\w*|Tensors|bool|void|double) (\w+)\(/gm),
  ];
  const binding = files(['native/binding'], cpp).map(read).join('');
  assert.ok(declared.length > 0);
  assert.deepEqual(
    declared
      .map((match) => match[1])
      .filter((name) => !formulas.has(name) && !new RegExp(`\\b${name}\\b`).test(binding)),
    [],
  );
});

test('a native test mirrors what it tests', () => {
  const strays = files(['test/native'], ['.cpp']).filter((file) => {
    const tested = file.replace(/^test\//, '').replace(/\.cpp$/, '');
    return !['.h', '.cpp', ''].some((ending) => exists(tested + ending));
  });
  assert.deepEqual(strays, []);
});

test('kernels, compiled once per instruction set, include no header with shared inline code', () => {
  const kernels = files(['native/backend/cpu/kernels'], cpp);
  assert.ok(kernels.length > 0);
  const allowed = /<(cstdint|cstddef|cmath|cstring|cfloat|climits|immintrin\.h)>/;
  assert.deepEqual(
    linesWith(/#include </, kernels).filter((line) => !allowed.test(line)),
    [],
  );
});

test('nothing that ships is built for the building machine alone', () => {
  const sources = files(['native', 'scripts'], ['CMakeLists.txt', '.mjs']);
  assert.deepEqual(linesWith(/march=native|mtune=native/, sources), []);
});

test('saved values lie beside the script that made them', () => {
  const scripts = files(['test/golden'], ['.py']).filter((file) => /\/make_\w+\.py$/.test(file));
  const madeBy = (file) => scripts.some((script) => namesOutput(script, file));
  assert.deepEqual(
    files(['test/golden'], ['.json', '.h', '.pt', '.bin']).filter((file) => !madeBy(file)),
    [],
  );
});

/** make_X.py makes X.json and X_*.json, or whatever it names in its text. */
function namesOutput(script, file) {
  const subject = /make_(\w+)\.py$/.exec(script)[1];
  const name = path.basename(file);
  const stem = name.replace(/\.\w+$/, '');
  return stem === subject || stem.startsWith(`${subject}_`) || read(script).includes(stem);
}

test('nothing is left to be done later, and no machine is named', () => {
  const own = files(
    [...rooms, 'scripts', 'test', 'docs'],
    [...cpp, ...typescript, '.py', '.md', '.txt'],
  ).filter((file) => !file.endsWith('invariants.test.mjs'));
  const texts = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json'].filter(
    exists,
  );
  assert.deepEqual(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/, [...own, ...texts]), []);
  assert.deepEqual(linesWith(/(^|[\s'"(])\/(root|work)\//, [...own, ...texts]), []);
});

test('the lock files name no registry', () => {
  const sources = ['', 'test/vscode/'].flatMap((folder) => [`${folder}package-lock.json`, `${folder}.npmrc`]);
  assert.deepEqual(linesWith(/"resolved":|https?:\/\/registry\./, sources), []);
});

test('every dependency is pinned', () => {
  const loose = ['package.json', 'test/vscode/package.json'].flatMap((file) => {
    const { dependencies, devDependencies } = JSON.parse(read(file));
    return Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
  });
  assert.deepEqual(loose, []);
});
