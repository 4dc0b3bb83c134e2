// `npm run check:clean-root [-- COMMAND...]`: makes a Debian root file system that holds nothing but Node,
// npm, g++ and CMake, clones this checkout's last commit into it, and runs there what a newcomer runs:
// `npm start` and `npm test`, each twice (or the COMMANDs given, such as "npm test"). To be run as root.
// How this machine reaches its registries is handed on and written nowhere.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { root } from './lib/command.mjs';
import { addNpm, inside, makeRoot, run } from './lib/debian-root.mjs';

const home = '/home/newcomer';
const commands = process.argv.slice(2);
if (commands.length === 0) commands.push('npm start', 'npm start', 'npm test', 'npm test');

/** This machine's certificates and apt settings; debootstrap has handed on how names are resolved. */
function addNetworkSettings(folder) {
  for (const place of ['/etc/ssl/certs', '/usr/local/share/ca-certificates', '/etc/apt/apt.conf.d']) {
    if (existsSync(place))
      run('cp', '-rL', '--remove-destination', place, path.join(folder, path.dirname(place)));
  }
}

/** The only variables the newcomer's shell has: the usual ones and this machine's way to the registries. */
function environment() {
  const variables = { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8' };
  for (const [name, value] of Object.entries(process.env)) {
    if (/^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i.test(name)) {
      variables[name] = value;
    }
  }
  for (const name of ['registry', 'cafile', 'proxy', 'https-proxy']) {
    const value = run('npm', 'config', 'get', name);
    if (value && value !== 'null') variables[`npm_config_${name.replace('-', '_')}`] = value;
  }
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

/** Runs `line` in the root, each line it prints behind the seconds since its start; its exit code. */
function runInside(folder, line) {
  const shell = ['sh', '-c', `cd ${home}/unroll && exec ${line}`];
  const [program, args] = inside(folder, ['env', '-i', ...environment(), ...shell]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const start = Date.now();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(7)}  ${text}`);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      console.log(`== ${line}: exit code ${code} after ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
      resolve(code);
    });
  });
}

const folder = await makeRoot(['g++', 'cmake', 'ca-certificates']);
try {
  addNpm(folder);
  addNetworkSettings(folder);
  run('git', 'clone', '--quiet', '--no-hardlinks', root, path.join(folder, home, 'unroll'));
  for (const line of commands) {
    console.log(`== ${line}`);
    if ((await runInside(folder, line)) !== 0) {
      process.exitCode = 1;
      break;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
