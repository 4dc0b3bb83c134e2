// One window of the editor in a browser, and what a person does and sees there.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../../../scripts/lib/tools.mjs';

/** Where pictures and logs of failures go. */
export const artifacts = fileURLToPath(new URL('../../../build/vscode/', import.meta.url));

/** How long a person would wait for anything; the machine may be busy. */
const patience = 240_000;

/** Starts the browser: no network but this computer's own. What it keeps is in `home`. */
export function startBrowser(home) {
  mkdirSync(home, { recursive: true });
  return chromium.launch({
    executablePath: chromiumPath(),
    env: { ...process.env, HOME: home },
    args: [
      ...['--no-sandbox', '--no-first-run', '--disable-gpu', '--disable-quic', '--disable-sync'],
      ...['--disable-component-update', '--disable-background-networking'],
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

/** Tries until `probe` gives something that is not undefined, null or false. @throws naming `what` */
export async function until(what, probe, milliseconds = patience) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${milliseconds / 1000} s`);
    await sleep(100);
  }
}

/** Whether something could be done within its time. */
async function inTime(doing) {
  try {
    await doing;
    return true;
  } catch (error) {
    if (error.name === 'TimeoutError') return false;
    throw error;
  }
}

/** Whether `locator` is on show within some time. */
const appears = (locator, milliseconds) => inTime(locator.waitFor({ timeout: milliseconds }));

export class Workbench {
  /** Playwright's page: whatever this class has no name for. */
  page;
  /** What its consoles have said and what could not be loaded, in order. */
  complaints = [];
  #context;

  /**
   * Opens a window.
   *
   * @param {import('./server.mjs').Server} server
   * @param {import('playwright-core').Browser} browser
   * @param {{ folder?: string, width?: number, height?: number }} [options] no folder: an empty window
   */
  static async open(server, browser, { folder, width = 1440, height = 900 } = {}) {
    const window = new Workbench();
    window.#context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    window.page = await window.#context.newPage();
    window.page.setDefaultTimeout(patience);
    const note = (what) => window.complaints.push(`${new Date().toISOString()} ${what}`);
    window.page.on('console', (message) => note(`${message.type()} ${message.text()}`));
    window.page.on('pageerror', (error) => note(`error ${error.stack}`));
    window.page.on('requestfailed', (request) =>
      note(`failed ${request.url()} ${request.failure().errorText}`),
    );
    await window.page.goto(server.window(folder));
    await window.#ready();
    return window;
  }

  async #ready() {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor();
  }

  async reload() {
    await this.page.reload();
    await this.#ready();
  }

  /** Closes the window as a person does: the editor hears of it. */
  async close() {
    await this.page.goto('about:blank');
    await this.#context.close();
  }

  /** Runs a command from the palette, by the title that it has there ("Unroll: Pause Training"). */
  async run(title) {
    // An extension's commands come only some time after the window, and an open list is not filled again; or another
    // question has taken the list's place.
    await until(`the command ${title}`, async () => {
      await this.page.keyboard.press('F1');
      if (!(await appears(this.quickInput, 2_000))) return false;
      if (!(await inTime(this.quickInput.fill(`>${title}`, { timeout: 2_000 })))) return false;
      if (await appears(this.#choice(title), 2_000)) return true;
      await this.page.keyboard.press('Escape');
      return false;
    });
    await this.pick(title);
  }

  /** The input at the window's top, where it is open. */
  get quickInput() {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** The rows of the open list at the window's top: [label, label...]. */
  async choices() {
    return this.page.locator('.quick-input-list .monaco-list-row .label-name').allTextContents();
  }

  /** Chooses a row, named in full, of the list at the window's top. */
  async pick(label) {
    await this.#choice(label).click();
  }

  /** Chooses the first row. */
  async pickFirst() {
    await this.page.locator('.quick-input-list .monaco-list-row').first().click();
  }

  #choice(label) {
    return this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) })
      .first();
  }

  /** Calls a command by its identifier, whatever menus and conditions say; needs the extension `caller`. */
  async call(command) {
    await until('the caller', async () => {
      await this.page.keyboard.press('Control+Alt+F12');
      return appears(this.page.locator('.quick-input-title', { hasText: 'Command' }), 3_000);
    });
    await this.quickInput.fill(command);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file of the folder in an editor. */
  async openFile(name) {
    const tab = this.page.locator(`.tabs-container .tab.active[data-resource-name="${path.basename(name)}"]`);
    await until(`the editor of ${name}`, async () => {
      // In an open list the same keys would lead to the next row.
      if (await this.quickInput.isVisible()) await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+P');
      if (!(await appears(this.quickInput, 2_000))) return false;
      // Whatever takes the focus meanwhile, such as a page that has just been filled, closes it again.
      if (!(await inTime(this.quickInput.fill(name, { timeout: 2_000 })))) return false;
      if (!(await appears(this.#choice(path.basename(name)), 3_000))) return false;
      await this.pick(path.basename(name));
      return appears(tab, 3_000);
    });
  }

  /** Puts the cursor of the editor in front there. */
  async goTo(line, column) {
    const cursor = this.page.locator('.statusbar').getByText(`Ln ${line}, Col ${column}`, { exact: true });
    const choice = this.#choice(`Go to line ${line} and character ${column}.`);
    await until(`line ${line}, column ${column}`, async () => {
      if (await this.quickInput.isVisible()) await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+G');
      if (!(await appears(this.quickInput, 2_000))) return false;
      if (!(await inTime(this.quickInput.fill(`:${line}:${column}`, { timeout: 2_000 })))) return false;
      // Before the list has taken in what was typed, Enter does nothing.
      if (!(await appears(choice, 3_000))) return false;
      await this.page.keyboard.press('Enter');
      return appears(cursor, 3_000);
    });
  }

  /** Steps the paused session on with its key, once the editor itself knows that it is paused: until then it ignores it. */
  async stepOver() {
    await this.page.locator('.debug-toolbar a.codicon-debug-step-over:not(.disabled)').waitFor();
    await this.page.keyboard.press('F10');
  }

  /** The titles of the open editors, as each group has them: [[title, title], [title]]. */
  async editors() {
    const groups = await this.page.locator('.editor-group-container').all();
    return Promise.all(groups.map((group) => group.locator('.tab .tab-label .label-name').allTextContents()));
  }

  /** The activity bar's button of a view container, by its title. */
  activity(title) {
    return this.page.locator(`.activitybar .action-item a[aria-label^="${title}"]`);
  }

  /** Shows a view container by its title in the activity bar. */
  async showSidebar(title) {
    const tab = this.activity(title);
    if ((await tab.getAttribute('aria-selected')) === 'true') return;
    if (await this.page.locator(`.sidebar .composite.title h2[title^="${title}"]`).isVisible()) return;
    await tab.click();
  }

  /** The page of a webview that holds an element matching `selector`, once it is there. */
  pageWith(selector) {
    return until(`a page with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (frame.parentFrame() && (await holds(frame, selector))) return frame;
      }
      return null;
    });
  }

  /** The rows of a tree view: { label, description, level }. */
  async rows(view) {
    return Promise.all((await this.pane(view).locator('.monaco-list-row').all()).map(rowOf));
  }

  /** All open rows of a tree view, in sight or not, gone through with the wheel: as `rows` has them. */
  async allRows(view) {
    const list = this.pane(view).locator('.monaco-list');
    const found = new Map(); // by place in the tree
    await list.hover();
    await this.page.mouse.wheel(0, -100_000);
    for (let rounds = 0, quiet = 0; rounds < 100 && quiet < 3; rounds++, quiet++) {
      for (const row of await list.locator('.monaco-list-row').all()) {
        const at = Number(await row.getAttribute('data-index'));
        if (found.has(at)) continue;
        found.set(at, await rowOf(row));
        quiet = 0;
      }
      await this.page.mouse.wheel(0, 60);
      await sleep(100);
    }
    return [...found].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  /** A view of the sidebar by its title. */
  pane(view) {
    return this.page
      .locator('.pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${view}"]`) });
  }

  /** What the status bar says: [text, text...]. */
  statusBar() {
    return this.page.locator('.statusbar-item:visible').allInnerTexts();
  }

  /** Clicks the status bar's item that has `text`. */
  async clickStatus(text) {
    await this.page.locator('.statusbar-item a').filter({ hasText: text }).first().click();
  }

  /** What the notifications on show say. */
  notifications() {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** A modal question's text; null where there is none. */
  async dialog() {
    const message = this.page.locator('.monaco-dialog-box .dialog-message-text');
    return (await message.count()) ? message.innerText() : null;
  }

  /** Presses a button of the modal question. */
  async answer(button) {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
  }

  /** Closes whatever asks or tells: dialogs, inputs, notifications. */
  async dismissAll() {
    const open = this.page.locator('.quick-input-widget:visible, .monaco-dialog-box');
    while (await appears(open.first(), 500)) await this.page.keyboard.press('Escape');
    if ((await this.notifications()).length > 0) await this.run('Notifications: Clear All Notifications');
  }

  /** The problems view's lines: "file.py: message [line, column]". */
  async problems() {
    await this.run('Problems: Focus on Problems View');
    return this.page.locator('.markers-panel .monaco-list-row').allInnerTexts();
  }

  /** What the terminal on show displays; blank lines at its end are left out. */
  async terminalText() {
    const rows = this.page.locator('.terminal-wrapper.active .xterm-rows > div');
    return (await rows.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ').trimEnd();
  }

  /**
   * Saves a picture of the window under build/vscode/.
   *
   * @param {string} name without an ending
   */
  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    const file = path.join(artifacts, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Changes the colour theme: one of `themes`. */
  async setTheme(theme) {
    await this.run('Preferences: Color Theme');
    await this.quickInput.fill(themes[theme].label);
    await this.pick(themes[theme].label);
    await this.page.locator(`.monaco-workbench.${themes[theme].shade}`).waitFor();
  }
}

/** The editor's own themes, by what the picker calls them. */
export const themes = {
  light: { label: 'Light Modern', shade: 'vs' },
  dark: { label: 'Dark Modern', shade: 'vs-dark' },
  'high-contrast': { label: 'Dark High Contrast', shade: 'hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', shade: 'hc-light' },
};

/** Whether a frame holds such an element; no where it goes away meanwhile. */
async function rowOf(row) {
  return {
    label: (await row.locator('.label-name').first().textContent()) ?? '',
    description: (await row.locator('.label-description').allTextContents()).join(''),
    level: Number(await row.getAttribute('aria-level')),
  };
}

async function holds(frame, selector) {
  try {
    return (await frame.locator(selector).count()) > 0;
  } catch (error) {
    if (/detached|closed|destroyed|navigat/i.test(error.message)) return false;
    throw error;
  }
}
