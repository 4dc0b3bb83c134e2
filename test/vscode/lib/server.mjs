// VS Code as a server on a free loopback port, with folders of its own, and nothing left behind.
import { spawn } from 'node:child_process';
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { processesOf } from './processes.mjs';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
const entry = path.join(packages, 'code-server/out/node/entry.js');

const cache = fileURLToPath(new URL('../../../build/vscode/cache', import.meta.url));

/** Settings without which the editor shows its own news or asks its own questions. */
const quietSettings = {
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  // Its lines are then elements, to be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'telemetry.telemetryLevel': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.restoreWindows': 'none',
};

export class Server {
  /** Where a browser finds it. */
  address = '';
  /** A new folder, removed at the end: user data, extensions, and `home`, the server's HOME. */
  folder;
  #child;
  #environment;
  #elsewhere;
  #shared = [];

  /**
   * @param {object} [options]
   * @param {string[]} [options.extensions] unpacked extensions to install before it starts
   * @param {string} [options.vsix] a package to install before it starts
   * @param {Record<string, unknown>} [options.settings] the user's settings, beside the quiet ones
   * @param {boolean} [options.asksForTrust] whether folders are trusted only where the user says so
   * @param {Record<string, string>} [options.environment]
   * @param {string} [options.logFile] where its output goes
   * @param {(args: string[], folders: string[]) => [string, string[]]} [options.elsewhere] the command line that runs
   *   Node with `args` in another root file system, which is to have `folders` under their own names
   */
  static async start(options = {}) {
    const server = new Server();
    try {
      await server.#start(options);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'unroll-vscode-'));
    this.home = path.join(this.folder, 'home');
  }

  async #start({
    extensions = [],
    vsix,
    settings = {},
    asksForTrust = false,
    environment = {},
    logFile,
    elsewhere,
  }) {
    this.#elsewhere = elsewhere;
    this.#shared = [this.folder, packages, cache, ...(vsix ? [path.dirname(vsix)] : [])];
    mkdirSync(this.home);
    mkdirSync(this.#in('data/User'), { recursive: true });
    mkdirSync(this.#in('extensions'));
    writeFileSync(this.#in('config.yaml'), 'auth: none\n');
    const allSettings = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
    writeFileSync(this.#in('data/User/settings.json'), allSettings);
    for (const extension of extensions) {
      cpSync(extension, this.#in('extensions', path.basename(extension)), { recursive: true });
    }
    this.#environment = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: this.home,
      TMPDIR: os.tmpdir(),
      // Python's snapshot is made once for all tests.
      XDG_CACHE_HOME: cache,
      // No gallery: nothing is looked for on the network.
      EXTENSIONS_GALLERY: '{}',
      ...environment,
    };
    if (vsix) await this.#run(['--install-extension', vsix, '--force'], logFile);
    const trust = asksForTrust ? [] : ['--disable-workspace-trust'];
    this.address = await this.#listen(
      ['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-proxy', '--ignore-last-opened', ...trust],
      logFile,
    );
  }

  /** The address of a window that shows `folder`, or no folder. */
  window(folder) {
    return folder ? `${this.address}?folder=${encodeURIComponent(folder)}` : `${this.address}?ew=true`;
  }

  /** Every process that it has started and that still runs, detached ones too. */
  processes() {
    return processesOf(this.home);
  }

  /** The engine processes among them. */
  engines() {
    return this.processes().filter(({ command }) => /^unroll engine|\/engine\.mjs/.test(command));
  }

  /** The logs that it and its windows have written so far: [path, path...]. */
  logs() {
    const folder = this.#in('data/logs');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.log'))
      .map((name) => path.join(folder, name));
  }

  /** Ends it and whatever it has started. */
  async stop() {
    const deadline = Date.now() + 10_000;
    if (this.#child?.exitCode === null) this.#child.kill('SIGTERM');
    // What an extension has started detached ends here too; a test that is to find none looks before.
    while (this.processes().length && Date.now() < deadline) {
      for (const { pid } of this.processes()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch (error) {
          if (error.code !== 'ESRCH') throw error; // it has ended by itself
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #in(...names) {
    return path.join(this.folder, ...names);
  }

  #spawn(args, logFile) {
    const folders = ['--user-data-dir', this.#in('data'), '--extensions-dir', this.#in('extensions')];
    const quiet = ['--config', this.#in('config.yaml'), '--disable-telemetry', '--disable-update-check'];
    const all = [entry, ...quiet, ...folders, ...args];
    const [program, line] = this.#elsewhere?.(all, this.#shared) ?? [process.execPath, all];
    const child = spawn(program, line, {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    if (logFile) {
      mkdirSync(path.dirname(logFile), { recursive: true });
      const log = createWriteStream(logFile, { flags: 'a' });
      child.stdout.pipe(log, { end: false });
      child.stderr.pipe(log, { end: false });
    }
    return child;
  }

  /** @throws where it does not end with 0 within two minutes */
  #run(args, logFile) {
    const child = this.#spawn(args, logFile);
    return within(120_000, `code-server ${args[0]}`, (resolve, reject) => {
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]}: ${output}`))));
    });
  }

  /** @returns its address, once it listens */
  #listen(args, logFile) {
    const child = this.#spawn(args, logFile);
    return within(60_000, 'code-server', (resolve, reject) => {
      let output = '';
      const read = (chunk) => {
        output += chunk;
        const [, address] = /HTTP server listening on (http:\S+)/.exec(output) ?? [];
        if (address) resolve(address);
      };
      for (const stream of [child.stdout, child.stderr]) stream.on('data', read);
      child.on('exit', (code) => reject(new Error(`code-server ended with ${code}: ${output}`)));
    });
  }
}

/** A promise that is rejected, naming `what`, where it takes longer. */
function within(milliseconds, what, begin) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${what}: nothing after ${milliseconds / 1000} s`)),
      milliseconds,
    );
    begin(
      (value) => (clearTimeout(timer), resolve(value)),
      (error) => (clearTimeout(timer), reject(error)),
    );
  });
}
