// The run panel: one editor a window that shows a run, or several laid over one another.
import * as vscode from 'vscode';
import type { TensorKind } from '../../protocol/inspect.ts';
import type { PageMethods, PanelTab } from '../../protocol/view.ts';
import type { Subscription } from '../signal.ts';
import { pageHandlers, type PageHost, viewState } from './handlers.ts';
import { Page, pageOptions } from './page.ts';

export const panelType = 'unroll.run';
const shownKey = 'shownRuns';

export interface ShowOptions {
  tab?: PanelTab;
  /** For the tab of tensors, as a `TensorQuestion` names it; a parameter where no kind is said. */
  tensor?: string;
  kind?: TensorKind;
  preserveFocus?: boolean;
}

export class RunPanel implements vscode.WebviewPanelSerializer {
  readonly #host: PageHost;
  readonly #context: vscode.ExtensionContext;
  #panel: vscode.WebviewPanel | null = null;
  #page: Page | null = null;
  #subscriptions: Subscription[] = [];
  #shown: string[];
  /** What the page is to show, for when it is there. */
  #wanted: Parameters<PageMethods['show']>[0] | null = null;

  constructor(host: PageHost, context: vscode.ExtensionContext) {
    this.#host = host;
    this.#context = context;
    this.#shown = context.workspaceState.get<string[]>(shownKey, []);
  }

  /** Shows runs, the first in the foreground, beside the editor in front. */
  show(runs: string[], { preserveFocus = false, tab, ...tensor }: ShowOptions = {}): void {
    this.#setShown(runs);
    this.#wanted = tab ? { tab, ...tensor } : null;
    if (this.#panel) {
      this.#panel.reveal(this.#panel.viewColumn, preserveFocus);
      this.#tellState();
    } else {
      const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      const place = { viewColumn, preserveFocus };
      const options = pageOptions(this.#context.extensionUri);
      this.#adopt(vscode.window.createWebviewPanel(panelType, this.#title(), place, options));
    }
    this.#tellWanted();
  }

  /** The window was reloaded. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
    return Promise.resolve();
  }

  get shown(): readonly string[] {
    return this.#shown;
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { runs, form } = this.#host;
    this.#panel = panel;
    const media = vscode.Uri.joinPath(this.#context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'unroll-light.svg'),
      dark: vscode.Uri.joinPath(media, 'unroll-dark.svg'),
    };
    panel.title = this.#title();
    const view = { webview: panel.webview, isVisible: () => panel.visible };
    const handlers = pageHandlers(this.#host, {
      get: () => this.#shown,
      set: (wanted) => {
        this.#setShown(wanted);
      },
    });
    const ready: typeof handlers.ready = (params) => {
      // After the answer, which the page needs first.
      setTimeout(() => {
        this.#tellWanted();
      });
      return handlers.ready(params);
    };
    const names = { name: 'panel' as const, title: this.#title() };
    this.#page = new Page(view, this.#context.extensionUri, names, { ...handlers, ready });
    this.#subscriptions = [
      runs.changed.on(() => {
        this.#tellState();
      }),
      form.changed.on(() => {
        this.#tellState();
      }),
      runs.grown.on((run) => {
        if (panel.visible && this.#isShown(run)) this.#page?.tell('grown', { run });
      }),
    ];
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#page?.forget();
    });
    panel.onDidDispose(() => {
      for (const subscription of this.#subscriptions) subscription.dispose();
      this.#panel = null;
      this.#page = null;
    });
  }

  #tellWanted(): void {
    if (!this.#wanted || this.#page?.isThere !== true) return;
    this.#page.tell('show', this.#wanted);
    this.#wanted = null;
  }

  #isShown(run: string): boolean {
    return this.#shown.length > 0 ? this.#shown.includes(run) : run === this.#host.runs.current;
  }

  #setShown(runs: string[]): void {
    this.#shown = runs;
    void this.#context.workspaceState.update(shownKey, runs);
    if (this.#panel) this.#panel.title = this.#title();
  }

  #tellState(): void {
    if (!this.#panel) return;
    this.#panel.title = this.#title();
    if (this.#panel.visible) this.#page?.tell('state', viewState(this.#host, this.#shown));
  }

  #title(): string {
    const [first, ...others] = this.#shown;
    const name = first === undefined ? undefined : this.#host.runs.find(first)?.name;
    if (name === undefined) return vscode.l10n.t('Run');
    return others.length === 0 ? name : vscode.l10n.t('{0} and {1} more', name, others.length);
  }
}
