// Work that can wait for the next frame: what it takes stays a part of each.
import { onNextFrame } from './dom.ts';

/** Of a frame, ms; the work that is under way then is finished. */
const most = 4;

export class Later<T> {
  readonly #work: (item: T) => void;
  readonly #waiting = new Set<T>();
  readonly #goOn = onNextFrame(() => {
    this.run();
  });

  constructor(work: (item: T) => void) {
    this.#work = work;
  }

  /** Works on an item before the next frame; once, however often it is added until then. */
  add(item: T): void {
    this.#waiting.add(item);
    this.#goOn();
  }

  /** Works on what waits now, in the order it was added, while there is time; on the rest in the frames to come. */
  run(): void {
    const end = performance.now() + most;
    for (const item of this.#waiting) {
      this.#waiting.delete(item);
      this.#work(item);
      if (performance.now() >= end) break;
    }
    if (this.#waiting.size > 0) this.#goOn();
  }
}
