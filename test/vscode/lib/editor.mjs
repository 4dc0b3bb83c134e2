// A whole editor for one test: server, browser, windows; all ended afterwards, evidence kept where it failed.
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Server } from './server.mjs';
import { artifacts, startBrowser, Workbench } from './workbench.mjs';

/**
 * Runs `body` with an editor.
 *
 * @param {string} name the test's name; on failure its pictures, pages and logs lie in a folder of that name
 *   under build/vscode/
 * @param {Parameters<typeof Server.start>[0]} options
 * @param {(editor: Editor) => Promise<void>} body
 */
export async function withEditor(name, options, body) {
  const evidence = path.join(artifacts, name.replace(/\W+/g, '-').toLowerCase());
  rmSync(evidence, { recursive: true, force: true });
  const editor = new Editor();
  try {
    await editor.start({ ...options, logFile: path.join(evidence, 'server.log') });
    await body(editor);
    rmSync(evidence, { recursive: true, force: true });
  } catch (error) {
    await editor.keep(evidence);
    error.message += `\n(evidence: ${path.relative('.', evidence)})`;
    throw error;
  } finally {
    await editor.stop();
  }
}

export class Editor {
  /** @type {Server} */
  server;
  /** @type {Workbench[]} those that are open */
  windows = [];
  #browser;
  #hasUnroll = false;

  /** Where the extension copies its example to. */
  get example() {
    return path.join(this.server.folder, 'data/User/globalStorage/unroll.unroll/examples/char-lm');
  }

  async start(options) {
    this.server = await Server.start(options);
    this.#hasUnroll = options.vsix !== undefined;
    this.#browser = await startBrowser(path.join(this.server.folder, 'browser'));
  }

  /** Opens a window on `folder`, or an empty one. */
  async open(folder, size = {}) {
    const window = await Workbench.open(this.server, this.#browser, { folder, ...size });
    this.windows.push(window);
    // Until the editor knows what is installed, F5 and keys of ours mean nothing, and nobody says so.
    if (this.#hasUnroll) await window.activity('Unroll').waitFor();
    return window;
  }

  /** Closes a window as a person does. */
  async close(window) {
    this.windows = this.windows.filter((other) => other !== window);
    await window.close();
  }

  /** Ends the browser at once: its windows cannot tell the editor. */
  async killBrowser() {
    this.windows = [];
    await this.#browser.close();
    this.#browser = null;
  }

  /** Saves what shows why a test failed; why something could not be saved, too. */
  async keep(folder) {
    mkdirSync(folder, { recursive: true });
    const attempt = async (save) => {
      try {
        await save();
      } catch (error) {
        appendFileSync(path.join(folder, 'missing.txt'), `${error.stack}\n`);
      }
    };
    for (const [index, { page, complaints }] of this.windows.entries()) {
      const file = path.join(folder, `window-${index}`);
      await attempt(() => page.screenshot({ path: `${file}.png`, timeout: 10_000 }));
      await attempt(async () => writeFileSync(`${file}.html`, await page.content()));
      writeFileSync(`${file}.txt`, complaints.join('\n'));
    }
    await attempt(() => {
      for (const log of this.server?.logs() ?? []) {
        const name = path.relative(this.server.folder, log).replace(/\W+(?!log$)/g, '-');
        cpSync(log, path.join(folder, name));
      }
    });
  }

  async stop() {
    await this.#browser?.close();
    await this.server?.stop();
  }
}
