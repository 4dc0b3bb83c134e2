// What every page does first: widgets, theme, the host's snapshot. Then it shows what it is told.
import type { TensorKind } from '../../protocol/inspect.ts';
import { viewProtocolVersion, type PanelTab, type ViewState } from '../../protocol/view.ts';
import { h } from './dom.ts';
import { connect, type Host } from './host.ts';
import { text } from './text.ts';
import { watchTheme } from './theme.ts';
import { registerWidgets } from './widgets.ts';

export interface Page {
  readonly element: HTMLElement;
  setState: (state: ViewState) => void;
  /** A run has more points than before. */
  grown: (run: string) => void;
  /** @param tensor for the tab of tensors; `kind`: what of it */
  showTab: (tab: PanelTab, tensor?: string, kind?: TensorKind) => void;
}

export function startPage(make: (host: Host, state: ViewState) => Page): void {
  registerWidgets();
  watchTheme();
  const place: { page?: Page } = {};
  const host = connect({
    state: (state) => {
      place.page?.setState(state);
    },
    grown: ({ run }) => {
      place.page?.grown(run);
    },
    show: ({ tab, tensor, kind }) => {
      place.page?.showTab(tab, tensor, kind);
    },
  });
  host.call('ready', { version: viewProtocolVersion }).then(
    (state) => {
      place.page = make(host, state);
      document.body.append(place.page.element);
    },
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      document.body.append(h('p', { class: 'alarm', role: 'alert' }, `${text.panel.notStarted} ${why}`));
    },
  );
}
