// What a screen reader is told: the last of what is said within half a second.
import { h } from './dom.ts';

const waitMs = 500;
const region = h('div', { class: 'unseen', 'aria-live': 'polite', role: 'status' });
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  if (!region.isConnected) document.body.append(region);
  clearTimeout(timer);
  timer = setTimeout(() => {
    region.textContent = text;
  }, waitMs);
}
