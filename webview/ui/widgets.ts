// Buttons, fields and choices: the one place that knows the widgets' library.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { apply, icon, setAttribute, type Child, type Properties } from './dom.ts';

export function registerWidgets(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

/** An element of the library, which has no names in TypeScript's DOM. */
function widget(name: string, properties: Properties, ...children: Child[]): HTMLElement {
  const element = document.createElement(name);
  apply(element, properties);
  for (const child of children) if (child instanceof Node || typeof child === 'string') element.append(child);
  return element;
}

export interface ButtonOptions {
  label: string;
  icon?: string;
  /** The one button of a view that goes on. */
  isPrimary?: boolean;
  onClick: () => void;
}

export class Button {
  readonly element: HTMLElement;
  /** A bare text: the library gives elements the size of an icon. */
  readonly #label: Text;
  readonly #icon: HTMLSpanElement | null;

  constructor({ label, icon: iconName, isPrimary = false, onClick }: ButtonOptions) {
    this.#label = new Text(label);
    this.#icon = iconName ? icon(iconName) : null;
    this.#icon?.setAttribute('slot', 'start');
    this.element = widget(
      'vscode-button',
      { appearance: isPrimary ? 'primary' : 'secondary', on: { click: onClick } },
      this.#icon,
      this.#label,
    );
  }

  set(options: { label?: string; icon?: string; isEnabled?: boolean; title?: string }): void {
    if (options.label !== undefined && this.#label.data !== options.label) this.#label.data = options.label;
    if (options.icon !== undefined && this.#icon) {
      setAttribute(this.#icon, 'class', `codicon codicon-${options.icon}`);
    }
    if (options.isEnabled !== undefined) setAttribute(this.element, 'disabled', !options.isEnabled);
    if (options.title !== undefined) setAttribute(this.element, 'title', options.title || null);
  }
}

/** A button that is an icon with a name. */
export function iconButton(name: string, label: string, onClick: () => void): HTMLElement {
  return widget(
    'vscode-button',
    { appearance: 'icon', 'aria-label': label, title: label, on: { click: onClick } },
    icon(name),
  );
}

export function setPressed(button: HTMLElement, isPressed: boolean): void {
  setAttribute(button, 'aria-pressed', String(isPressed));
}

export function textField(options: {
  label: string;
  placeholder?: string;
  onChange?: (value: string) => void;
  onInput?: (value: string) => void;
}): HTMLElement & { value: string } {
  const { label, placeholder, onChange, onInput } = options;
  const field = widget('vscode-text-field', { 'aria-label': label, placeholder }) as HTMLElement & {
    value: string;
  };
  keepLabel(field, label);
  if (onChange) {
    field.addEventListener('change', () => {
      onChange(field.value);
    });
  }
  if (onInput) {
    field.addEventListener('input', () => {
      onInput(field.value);
    });
  }
  return field;
}

/** The library gives its fields a name of its own once they are in the page. */
function keepLabel(field: HTMLElement, label: string): void {
  const observer = new MutationObserver(() => {
    setAttribute(field, 'aria-label', label);
  });
  observer.observe(field, { attributeFilter: ['aria-label'] });
}

/** A choice among texts. */
export class Dropdown {
  readonly element: HTMLElement & { value: string };
  #options = '';

  constructor(label: string, onChange: (value: string) => void) {
    this.element = widget('vscode-dropdown', { 'aria-label': label }) as HTMLElement & { value: string };
    this.element.addEventListener('change', () => {
      onChange(this.element.value);
    });
  }

  set(options: readonly { value: string; label: string }[], value: string): void {
    const key = JSON.stringify(options);
    if (key !== this.#options) {
      this.#options = key;
      this.element.replaceChildren(
        ...options.map((option) => widget('vscode-option', { value: option.value }, option.label)),
      );
    }
    if (this.element.value !== value) this.element.value = value;
  }
}

export function checkbox(
  label: Child,
  onChange: (isChecked: boolean) => void,
): HTMLElement & { checked: boolean } {
  const box = widget('vscode-checkbox', {}, label) as HTMLElement & { checked: boolean };
  box.addEventListener('change', () => {
    onChange(box.checked);
  });
  return box;
}

export function progressRing(): HTMLElement {
  return widget('vscode-progress-ring', {});
}
