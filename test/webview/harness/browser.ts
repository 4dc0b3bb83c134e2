// Debian's Chromium with one of our pages in it, as VS Code would show it: its policy, its default style, its theme.
// Requests are answered from the checkout; nothing listens and nothing goes out.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Recorded } from './recorded.ts';
import type { ScenarioName } from './scenarios.ts';
import { themes, type ThemeName } from './themes.ts';

const origin = 'https://unroll.invalid';
const nonce = 'bm9uY2U';
export const root = process.cwd();

export type PageName = 'panel' | 'training';

export interface Opened {
  page: PageName;
  scenario: ScenarioName;
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** What the page remembers from before. */
  memory?: object;
  /** Of the scenario "recorded". */
  recorded?: Recorded;
}

/** Where Chromium is: as scripts/lib/tools.mjs finds it. */
const executablePath =
  process.env.CHROMIUM ??
  ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`).find(existsSync);

export function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('Chromium is not installed');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One page of the browser, which goes from one scenario to another. */
export class Session {
  readonly page: Page;
  /** Errors and refused loads since it was opened last: a page that is in order has none. */
  problems: string[] = [];
  #opened: Opened | null = null;

  private constructor(page: Page) {
    this.page = page;
  }

  static async start(browser: Browser): Promise<Session> {
    const session = new Session(await browser.newPage());
    await session.#listen();
    return session;
  }

  /** Opens a page and waits until it has drawn what its scenario holds. */
  async open(opened: Opened): Promise<Page> {
    const { scenario, width = 1000, height = 700, memory } = opened;
    this.#opened = opened;
    this.problems = [];
    await this.page.setViewportSize({ width, height });
    if (opened.recorded) {
      await this.page.addInitScript(`window.recorded = ${JSON.stringify(opened.recorded)};`);
    }
    const query = new URLSearchParams({ scenario, memory: JSON.stringify(memory ?? null) });
    await this.page.goto(`${origin}/?${query.toString()}`);
    await this.page.waitForSelector('main');
    await settle(this.page);
    return this.page;
  }

  async #listen(): Promise<void> {
    const { page } = this;
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html(this.#opened) });
      const folder = pathname === '/host.js' ? 'build/test/webview' : 'dist/webview';
      const file = path.join(root, folder, path.basename(pathname));
      const types: Record<string, string> = {
        '.js': 'text/javascript',
        '.css': 'text/css',
        '.ttf': 'font/ttf',
      };
      const contentType = types[path.extname(file)] ?? 'text/plain';
      return existsSync(file) ? route.fulfill({ contentType, path: file }) : route.fulfill({ status: 404 });
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      const isOurs = !message.text().includes('willReadFrequently'); // the tests' own looks at canvases
      if (isOurs && ['error', 'warning'].includes(message.type())) this.problems.push(message.text());
    });
  }
}

/** Waits until the page has asked for nothing and drawn for a while. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let [quiet, seen] = [0, -1];
    for (let i = 0; i < 600 && quiet < 12; i++) {
      await frame();
      quiet = window.fake.calls.length === seen ? quiet + 1 : 0;
      seen = window.fake.calls.length;
    }
  });
}

/** The page as the extension and VS Code make it. */
function html(opened: Opened | null): string {
  const { page: name, theme = 'dark' } = opened ?? { page: 'panel' };
  const { kind, classes, variables } = themes[theme];
  const style = Object.entries(variables).map(
    ([key, value]) => `--vscode-${key}: ${value.replaceAll('"', "'")};`,
  );
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin} 'nonce-${nonce}'; font-src ${origin}; img-src ${origin} data: blob:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<style nonce="${nonce}">
html { ${style.join(' ')} scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
</style>
<link rel="stylesheet" href="${origin}/${name}.css">
</head>
<body class="${classes}" data-vscode-theme-kind="${kind}">
<script nonce="${nonce}" src="${origin}/host.js"></script>
<script nonce="${nonce}" src="${origin}/${name}.js"></script>
</body>
</html>`;
}
