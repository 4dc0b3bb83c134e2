// What the next run is started with.
import type { RunAction, TrainingForm } from '../../protocol/view.ts';
import { h, setAttribute, setText, show } from '../ui/dom.ts';
import { text } from '../ui/text.ts';
import { Button, Dropdown, iconButton, textField } from '../ui/widgets.ts';

export class Form {
  readonly element: HTMLElement;
  readonly #script = h('span', { class: 'script code' });
  readonly #arguments: HTMLElement & { value: string };
  readonly #threads: HTMLElement & { value: string };
  readonly #device: Dropdown;
  readonly #deviceField: HTMLElement;
  readonly #run: Button;

  constructor({
    change,
    act,
  }: {
    change: (form: Partial<TrainingForm>) => void;
    act: (action: RunAction) => void;
  }) {
    this.#arguments = textField({
      label: text.training.arguments,
      placeholder: text.training.argumentsHint,
      onChange: (value) => {
        change({ arguments: value });
      },
    });
    this.#threads = textField({
      label: text.training.threads,
      onChange: (value) => {
        const threads = Number(value);
        if (Number.isInteger(threads) && threads >= 1) change({ threads });
        else this.#threads.value = this.#threads.dataset.kept ?? '';
      },
    });
    this.#device = new Dropdown(text.training.device, (device) => {
      change({ device });
    });
    this.#run = new Button({
      label: text.action.run,
      icon: 'play',
      isPrimary: true,
      onClick: () => {
        act('run');
      },
    });
    const row = (label: string, ...controls: HTMLElement[]) =>
      h('div', { class: 'row' }, h('span', { class: 'label' }, label), ...controls);
    const choose = iconButton('folder-opened', text.action.chooseScript, () => {
      act('chooseScript');
    });
    this.#deviceField = row(text.training.device, this.#device.element);
    this.element = h(
      'section',
      { class: 'form', 'aria-label': text.training.form },
      row(text.training.script, this.#script, choose),
      row(text.training.arguments, this.#arguments),
      this.#deviceField,
      row(text.training.threads, this.#threads),
      this.#run.element,
    );
  }

  /** While a run goes on its own buttons are the ones that matter. */
  set(form: TrainingForm, isRunning: boolean): void {
    setText(this.#script, form.script ?? text.training.noScript);
    setAttribute(this.#script, 'title', form.script);
    setUnlessEdited(this.#arguments, form.arguments);
    setUnlessEdited(this.#threads, String(form.threads));
    this.#threads.dataset.kept = String(form.threads);
    this.#device.set(
      form.devices.map((device) => ({ value: device, label: device })),
      form.device,
    );
    show(this.#deviceField, form.devices.length > 1);
    show(this.#run.element, !isRunning);
  }
}

/** What is being typed is left alone. */
function setUnlessEdited(field: HTMLElement & { value: string }, value: string): void {
  if (document.activeElement !== field && field.value !== value) field.value = value;
}
