// Formats and lints the Python sources with Ruff's WebAssembly build, which needs no Python; with
// --check only reports. Settings come from ruff.toml, as for anyone's own Ruff.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './lib/command.mjs';
import { files, read } from './lib/files.mjs';

const { PositionEncoding, Workspace } = createRequire(import.meta.url)('@astral-sh/ruff-wasm-nodejs');

/** Reads the part of TOML in which a value is what JSON would have. @throws on any other line */
function settings(text) {
  const all = {};
  let section = all;
  for (const line of text.split('\n')) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, head] = /^\[([\w.-]+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([\w-]+) = (.+)$/.exec(line) ?? [];
    if (head) section = head.split('.').reduce((outer, name) => (outer[name] ??= {}), all);
    else if (key) section[key] = JSON.parse(value);
    else throw new Error(`ruff.toml: cannot read '${line}'`);
  }
  return all;
}

const ruff = new Workspace(settings(read('ruff.toml')), PositionEncoding.Utf32);
const isCheck = process.argv.includes('--check');
const problems = [];
for (const file of files(['torch', 'examples', 'test', 'bench'], ['.py'])) {
  const text = read(file);
  for (const { code, message, start_location: at } of ruff.check(text)) {
    problems.push(`${file}:${at.row}:${at.column}: ${code ?? 'syntax'} ${message}`);
  }
  let formatted;
  try {
    formatted = ruff.format(text);
  } catch {
    continue; // a syntax error, reported by the check above
  }
  if (formatted === text) continue;
  if (isCheck) problems.push(`${file}: not formatted`);
  else writeFileSync(path.join(root, file), formatted);
}
for (const problem of problems) console.error(problem);
if (problems.length) process.exitCode = 1;
