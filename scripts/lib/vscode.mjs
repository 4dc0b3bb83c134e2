// Installs the editor that test/vscode drives: VS Code as code-server, in test/vscode/node_modules. None
// of its packages' install scripts runs: they would fetch from elsewhere, and need Python to compile.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { command, root } from './command.mjs';
import { fingerprint, isStamped, writeStamp } from './files.mjs';
import { ripgrepPath } from './tools.mjs';

const modules = 'test/vscode/node_modules';
const codeServer = `${modules}/code-server`;
const vscode = `${codeServer}/lib/vscode`;

const stamp = `${modules}/.unroll-stamp`;
const print = () =>
  fingerprint(
    ['test/vscode/package.json', 'test/vscode/package-lock.json', 'scripts/lib/vscode.mjs'],
    [process.platform, process.arch],
  );

/** Whether the editor is there as test/vscode/package-lock.json names it. */
export const vscodeIsThere = () => isStamped(stamp, print());

/** The addons without which it does not start, has no terminals or writes no logs; all through Node-API. */
const addons = [
  {
    folder: `${modules}/argon2`,
    product: 'lib/binding/napi-v3/argon2.node',
    sources: [
      'argon2_node.cpp',
      ...['argon2', 'core', 'blake2/blake2b', 'thread', 'encoding', 'ref'].map(
        (name) => `argon2/src/${name}.c`,
      ),
    ],
    flags: ['-Iargon2/include', '-DNAPI_VERSION=3', '-lpthread'],
  },
  {
    folder: `${vscode}/node_modules/node-pty`,
    product: 'build/Release/pty.node',
    sources: ['src/unix/pty.cc'],
    flags: ['-lutil'],
  },
  {
    folder: `${vscode}/node_modules/@vscode/spdlog`,
    product: 'build/Release/spdlog.node',
    sources: ['src/main.cc', 'src/logger.cc'],
    flags: ['-Ideps/spdlog/include', '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
  },
];

/** Compiles an addon with the headers that Unroll's own is compiled with. */
async function compile({ folder, product, sources, flags }) {
  const cwd = path.join(root, folder);
  const name = path.basename(product, '.node');
  const common = ['-O0', '-w', '-shared', '-fPIC', '-DNAPI_CPP_EXCEPTIONS', `-DNODE_GYP_MODULE_NAME=${name}`];
  const headers = ['node-api-headers/include', 'node-addon-api'];
  const includes = headers.map((header) => `-I${path.join(root, 'node_modules', header)}`);
  mkdirSync(path.join(cwd, path.dirname(product)), { recursive: true });
  // The C compiler's driver, which tells C from C++ by a file's ending.
  await command('cc', [...common, ...includes, ...sources, ...flags, '-lstdc++', '-o', product], { cwd });
}

/** A symbolic link at `place` in the checkout, in the stead of whatever is there. */
function link(target, place) {
  const absolute = path.join(root, place);
  mkdirSync(path.dirname(absolute), { recursive: true });
  rmSync(absolute, { force: true });
  symlinkSync(target, absolute);
}

/** Installs it; takes about a minute. */
export async function installVscode(say) {
  const made = print();
  const options = ['--ignore-scripts', '--omit=dev', '--no-progress'];
  await command('npm', ['ci', ...options], { cwd: path.join(root, 'test/vscode'), onLine: say });
  // Its own lock file lacks a peer dependency, over which `npm ci` would stumble.
  const install = ['install', '--no-save', ...options];
  await command('npm', install, { cwd: path.join(root, vscode), onLine: say });
  // Under this name the workbench looks for what its desktop build keeps in an archive.
  link('node_modules', `${vscode}/node_modules.asar`);
  // Here its package would have put a download.
  link(ripgrepPath(), `${vscode}/node_modules/@vscode/ripgrep/bin/rg`);
  for (const addon of addons) {
    say(`compiling ${path.basename(addon.product)}`);
    await compile(addon);
  }
  writeStamp(stamp, made);
}
