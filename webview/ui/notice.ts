// What stands where there is nothing to draw yet: what this is, what it is doing, what to do.
import { h, show } from './dom.ts';
import { Button, progressRing } from './widgets.ts';

export interface NoticeContent {
  title: string;
  body?: string;
  /** Shown as it is: an error's own text. */
  detail?: string;
  isBusy?: boolean;
  actions?: { label: string; icon: string; isPrimary?: boolean; onClick: () => void }[];
}

export class Notice {
  readonly element = h('div', { class: 'notice', hidden: true });
  #shown = '';

  /** Null: nothing to say. */
  set(content: NoticeContent | null): void {
    show(this.element, content !== null);
    const key = JSON.stringify(content);
    if (key === this.#shown) return;
    this.#shown = key;
    if (!content) return;
    const { title, body, detail, isBusy, actions = [] } = content;
    this.element.replaceChildren(h('h2', {}, title));
    if (isBusy) this.element.prepend(progressRing());
    if (body !== undefined) this.element.append(h('p', {}, body));
    if (detail !== undefined) this.element.append(h('pre', {}, detail));
    if (actions.length === 0) return;
    this.element.append(
      h('div', { class: 'actions' }, ...actions.map((action) => new Button(action).element)),
    );
  }
}
