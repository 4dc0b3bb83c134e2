// What a page holds of a run's model: asked for again, as steps pass, for something newer.
import type { ModelInfo } from '../../protocol/inspect.ts';

/** A model seldom changes once its training goes on. */
const againMs = 5000;

export class ModelData {
  info: ModelInfo | null = null;
  /** Whether the host has answered. */
  isKnown = false;
  problem: string | null = null;
  readonly #ask: (known: number | null) => Promise<ModelInfo | null>;
  readonly #onChange: () => void;
  #moment = '';
  #askedAt = -Infinity;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ask answers null where there is nothing newer than the version `known` */
  constructor(ask: (known: number | null) => Promise<ModelInfo | null>, onChange: () => void) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** @param moment of the run: with another there may be another model */
  want(moment: string): void {
    if (moment === this.#moment || this.#isAsking || this.#timer !== undefined) return;
    // Until there is one it is asked for with every step.
    const wait = this.info ? Math.max(0, this.#askedAt + againMs - performance.now()) : 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#askNow(moment);
    }, wait);
  }

  async #askNow(moment: string): Promise<void> {
    this.#isAsking = true;
    this.#moment = moment;
    this.#askedAt = performance.now();
    try {
      this.info = (await this.#ask(this.info?.version ?? null)) ?? this.info;
      this.isKnown = true;
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#isAsking = false;
    this.#onChange();
  }
}
