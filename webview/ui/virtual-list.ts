// A list of any length of which only what is in sight exists: rows of one height, one or several side by side.
import { h, onNextFrame, setAttribute } from './dom.ts';

/** What one place of the list shows; places are used for one item after another. */
export interface Place {
  element: HTMLElement;
}

export interface ListShape {
  rowHeight: number;
  /** The least width of an item: as many stand side by side as fit; one where it is Infinity. */
  itemWidth: number;
}

/** Lists so far: the items of each have names of their own in the document. */
let lists = 0;

export class VirtualList<P extends Place> {
  /** Scrolls and takes the focus. */
  readonly element: HTMLElement;
  /** The item that keys act on. */
  active = 0;
  onActive: (index: number) => void = () => undefined;
  readonly #space = h('div', { class: 'list-space' });
  readonly #make: () => P;
  readonly #bind: (place: P, index: number) => void;
  readonly #name = `list-${lists++}`;
  #places: P[] = [];
  #shape: ListShape = { rowHeight: 20, itemWidth: Infinity };
  #count = 0;
  #first = 0;
  // As the browser told: to ask it would make it lay out the page at once. Kept while the list is hidden.
  #width = 0;
  #height = 0;
  #top = 0;
  /** The item to be scrolled to. */
  #revealed: number | null = null;
  readonly #onScroll: () => void;

  /** @param onRange the items in sight have changed */
  constructor(label: string, make: () => P, bind: (place: P, index: number) => void, onRange: () => void) {
    this.#make = make;
    this.#bind = bind;
    this.element = h(
      'div',
      { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': label },
      this.#space,
    );
    this.#onScroll = onNextFrame(() => {
      this.#layOut();
      this.#scrollTo();
      onRange();
    });
    this.element.addEventListener('scroll', () => {
      this.#top = this.element.scrollTop;
      this.#onScroll();
    });
    new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (height === 0) return;
      [this.#width, this.#height] = [width, height];
      this.#onScroll();
    }).observe(this.element);
    this.element.addEventListener('keydown', (event) => {
      this.#key(event);
    });
  }

  set(count: number, shape: ListShape): void {
    this.#count = count;
    if (shape.rowHeight !== this.#shape.rowHeight || shape.itemWidth !== this.#shape.itemWidth) {
      this.#shape = shape;
      this.#places = [];
      this.#space.replaceChildren();
    }
    this.active = Math.max(0, Math.min(this.active, count - 1));
    this.#layOut();
  }

  /** First and end of the items in sight. */
  get range(): [first: number, end: number] {
    return [this.#first, Math.min(this.#count, this.#first + this.#places.length)];
  }

  get columns(): number {
    const { itemWidth } = this.#shape;
    return Number.isFinite(itemWidth) ? Math.max(1, Math.floor(this.#width / itemWidth)) : 1;
  }

  #layOut(): void {
    const { rowHeight } = this.#shape;
    const { columns } = this;
    this.#space.style.height = `${Math.ceil(this.#count / columns) * rowHeight}px`;
    this.#first = Math.max(0, Math.floor(this.#top / rowHeight)) * columns;
    const wanted = Math.min(
      (Math.ceil(this.#height / rowHeight) + 1) * columns,
      Math.max(0, this.#count - this.#first),
    );
    while (this.#places.length < wanted) {
      const place = this.#make();
      this.#places.push(place);
      this.#space.append(place.element);
    }
    for (const place of this.#places.splice(wanted)) place.element.remove();
    for (const [i, place] of this.#places.entries()) {
      const index = this.#first + i;
      const { style } = place.element;
      style.height = `${rowHeight}px`;
      style.width = `${100 / columns}%`;
      style.transform = `translate(${(index % columns) * 100}%, ${Math.floor(index / columns) * rowHeight}px)`;
      setAttribute(place.element, 'role', 'option');
      setAttribute(place.element, 'id', `${this.#name}-${index}`);
      setAttribute(place.element, 'aria-posinset', index + 1);
      setAttribute(place.element, 'aria-setsize', this.#count);
      setAttribute(place.element, 'aria-selected', String(index === this.active));
      this.#bind(place, index);
    }
    setAttribute(
      this.element,
      'aria-activedescendant',
      this.#count > 0 ? `${this.#name}-${this.active}` : null,
    );
  }

  #key(event: KeyboardEvent): void {
    const { columns } = this;
    const page = Math.max(1, Math.floor(this.#height / this.#shape.rowHeight)) * columns;
    const by: Record<string, number> = {
      ArrowDown: columns,
      ArrowUp: -columns,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
      ...(columns > 1 ? { ArrowRight: 1, ArrowLeft: -1 } : {}),
    };
    const step = by[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.active = Math.max(0, Math.min(this.#count - 1, this.active + step));
    this.reveal(this.active);
    this.onActive(this.active);
  }

  /** Scrolls before the next frame as far as it takes for an item to be in sight. */
  reveal(index: number): void {
    this.#revealed = index;
    this.#onScroll();
  }

  #scrollTo(): void {
    if (this.#revealed === null || this.#height === 0) return;
    const { rowHeight } = this.#shape;
    const top = Math.floor(this.#revealed / this.columns) * rowHeight;
    this.#revealed = null;
    if (top < this.#top) this.element.scrollTop = top;
    else if (top + rowHeight > this.#top + this.#height)
      this.element.scrollTop = top + rowHeight - this.#height;
  }
}
