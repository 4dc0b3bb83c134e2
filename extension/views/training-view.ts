// The sidebar's view of the training: its form, its buttons, its numbers and small curves.
import * as vscode from 'vscode';
import type { Subscription } from '../signal.ts';
import { pageHandlers, type PageHost, viewState } from './handlers.ts';
import { Page } from './page.ts';

export const trainingViewId = 'unroll.training';

export class TrainingView implements vscode.WebviewViewProvider {
  readonly #host: PageHost;
  readonly #extension: vscode.Uri;

  constructor(host: PageHost, extension: vscode.Uri) {
    this.#host = host;
    this.#extension = extension;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { runs, form } = this.#host;
    const handlers = pageHandlers(this.#host, { get: () => [], set: () => undefined });
    const title = vscode.l10n.t('Training');
    const surroundings = { webview: view.webview, isVisible: () => view.visible };
    const page = new Page(surroundings, this.#extension, { name: 'training', title }, handlers);
    const tellState = () => {
      if (view.visible) page.tell('state', viewState(this.#host, []));
    };
    const subscriptions: Subscription[] = [
      runs.changed.on(tellState),
      form.changed.on(tellState),
      vscode.workspace.onDidGrantWorkspaceTrust(tellState),
      runs.grown.on((run) => {
        if (view.visible && run === runs.current) page.tell('grown', { run });
      }),
      view.onDidChangeVisibility(() => {
        if (view.visible) void form.update();
      }),
    ];
    view.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    void form.update();
  }
}
