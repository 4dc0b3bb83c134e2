// The tensors page, until tensors can be read from a run: says so, and where their norms are.
import { h } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';
import { text } from '../ui/text.ts';
import type { Context, Tab } from './context.ts';

export class TensorsTab implements Tab {
  readonly element: HTMLElement;
  readonly #notice = new Notice();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.element = h('section', {}, this.#notice.element);
  }

  update(): void {
    this.#notice.set({
      title: text.tensors.title,
      body: text.tensors.body,
      actions: [
        {
          label: text.tensors.toGradients,
          icon: 'graph-line',
          onClick: () => {
            this.#context.showTab('gradients');
          },
        },
      ],
    });
  }
}
