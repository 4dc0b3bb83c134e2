// A page in a webview: its HTML under a strict policy, and the conversation with its script.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type Handlers, Rpc, type Transport } from '../../protocol/rpc.ts';
import type { HostViewMethods, PageMethods } from '../../protocol/view.ts';

/** The pages, as they are bundled. */
export type PageName = 'panel' | 'training';

/** Where a page may load from. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')],
  };
}

export class Page {
  readonly #webview: vscode.Webview;
  readonly #isVisible: () => boolean;
  readonly #handlers: Handlers<HostViewMethods>;
  #transport: WebviewTransport | null = null;
  #rpc: Rpc<HostViewMethods, PageMethods> | null = null;

  /** @param isVisible whether the page is there: what is sent to a hidden one would reach the next in its place */
  constructor(
    { webview, isVisible }: { webview: vscode.Webview; isVisible: () => boolean },
    extension: vscode.Uri,
    { name, title }: { name: PageName; title: string },
    handlers: Handlers<HostViewMethods>,
  ) {
    this.#webview = webview;
    this.#isVisible = isVisible;
    this.#handlers = handlers;
    webview.options = pageOptions(extension);
    webview.onDidReceiveMessage((message: unknown) => {
      this.#receive(message);
    });
    webview.html = html(webview, vscode.Uri.joinPath(extension, 'dist', 'webview'), name, title);
  }

  /** Whether the page has come and has not gone since. */
  get isThere(): boolean {
    return this.#rpc !== null && this.#isVisible();
  }

  /** The page is hidden, and with it gone: another comes in its place. */
  forget(): void {
    this.#rpc = null;
    this.#transport = null;
  }

  /** Tells the page; one that is hidden or not there yet hears nothing, and asks when it comes. */
  tell<K extends keyof PageMethods>(method: K, params: Parameters<PageMethods[K]>[0]): void {
    this.#rpc?.notify(method, params as never);
  }

  #receive(message: unknown): void {
    // A page that has come back is another: answers to the one before are not for it.
    if ((message as { method?: unknown } | null)?.method === 'ready') {
      this.#transport = new WebviewTransport(this.#webview, this.#isVisible);
      this.#rpc = new Rpc<HostViewMethods, PageMethods>(this.#transport, this.#handlers);
    }
    this.#transport?.onMessage(message);
  }
}

class WebviewTransport implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;
  readonly #webview: vscode.Webview;
  readonly #isVisible: () => boolean;

  constructor(webview: vscode.Webview, isVisible: () => boolean) {
    this.#webview = webview;
    this.#isVisible = isVisible;
  }

  send(message: unknown): void {
    if (this.#isVisible()) void this.#webview.postMessage(message);
  }

  /** A page that speaks nonsense is not listened to any more. */
  close(): void {
    this.onMessage = () => undefined;
  }
}

function html(webview: vscode.Webview, folder: vscode.Uri, name: PageName, title: string): string {
  const nonce = randomBytes(18).toString('base64');
  const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${address(`${name}.css`)}">
</head>
<body>
<script nonce="${nonce}" src="${address(`${name}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
