// A root file system that holds a minimal Debian and Node: somebody else's machine. Made as root.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root } from './command.mjs';
import { installTools, rootTools, toolsAreThere } from './tools.mjs';

/** Runs a program to its end. @returns what it printed @throws where it fails */
export const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }).trim();

/** A minimal Debian of this machine's release and `packages`, in a new folder; Node as it is here. */
export async function makeRoot(packages = []) {
  if (!toolsAreThere(rootTools)) await installTools(rootTools, console.log);
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-clean-root-'));
  const include = packages.length ? [`--include=${packages.join(',')}`] : [];
  run('debootstrap', '--variant=minbase', ...include, release, folder);
  // Debian's own may be older than Unroll asks for.
  cpSync(realpathSync(process.execPath), path.join(folder, 'usr/local/bin/node'));
  return folder;
}

/** npm as it is here. */
export function addNpm(folder) {
  const npm = path.join(run('npm', 'root', '--global'), 'npm');
  cpSync(npm, path.join(folder, 'usr/local/lib/node_modules/npm'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(folder, 'usr/local/bin/npm'));
}

/**
 * A command line that runs `args` inside the root, in namespaces of its own: what it mounts, and whatever it leaves
 * running, ends with it.
 *
 * @param {string} folder the root
 * @param {string[]} args a program and its arguments
 * @param {string[]} [shared] folders that lie in there under the names that they have here
 * @returns {[string, string[]]} a program and its arguments
 */
export function inside(folder, args, shared = []) {
  const script = [
    'folder=$1; shared=$2; shift 2',
    'mount --rbind /dev "$folder/dev"',
    'mount -t proc proc "$folder/proc"',
    'mount -t tmpfs tmpfs "$folder/tmp"',
    'for place in $shared; do mkdir -p "$folder$place"; mount --bind "$place" "$folder$place"; done',
    'exec chroot "$folder" "$@"',
  ].join('\n');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  return ['unshare', [...namespaces, 'sh', '-ec', script, 'sh', folder, shared.join(' '), ...args]];
}
