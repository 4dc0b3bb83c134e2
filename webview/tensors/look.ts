// One question that is kept answered: asked again while its answer is not there yet, and as the run goes on.
import type { TensorAnswer, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';

/** Where a question is asked. */
export interface Place {
  run: string;
  /** Whether the run goes on: there may be a newer answer. */
  isLive: boolean;
  /** Whether no step passes until a person says so. */
  isPaused: boolean;
  /** The steps that have ended: with another there may be another answer. */
  step: number;
  ask: (question: TensorQuestion) => Promise<TensorAnswer>;
}

/** Between two questions, where a hand has changed what is asked. */
const handMs = 100;
/** From an answer to the next one; longer where going through the elements costs the training time. */
const paceMs = (elements: number) => Math.max(300, elements / 5000);

export class Look {
  /** The last answer to the question as it is now; where there is none, to the one before on the same tensor. */
  reading: TensorReading | null = null;
  /** What `reading` answers. */
  question: TensorQuestion | null = null;
  /** Whether the answer is not of the run as it is now. */
  isOld = false;
  /** Whether nothing has come yet. */
  isWaiting = false;
  problem: string | null = null;
  readonly #onChange: () => void;
  #place: Place | null = null;
  #wanted: TensorQuestion | null = null;
  #key = '';
  #tensor = '';
  /** What the last answer was of: a run that goes on, at a step. */
  #answered = '';
  #askedAt = -Infinity;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Null: nothing is asked, and what was known is let go of. */
  want(place: Place | null, question: TensorQuestion | null): void {
    this.#place = place;
    if (!place || !question) {
      this.#forget();
      return;
    }
    const tensor = JSON.stringify([place.run, question.kind, question.name]);
    const key = tensor + JSON.stringify(question);
    if (key !== this.#key) {
      if (tensor !== this.#tensor) this.#forget();
      this.#tensor = tensor;
      this.#key = key;
      this.#wanted = question;
      this.#answered = '';
      this.problem = null;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#askSoon(handMs);
    } else if (this.#answered !== moment(place)) this.#askSoon(this.reading ? this.#pace : 0);
  }

  get #pace(): number {
    return paceMs(this.reading?.statistics.count ?? 0);
  }

  #forget(): void {
    this.reading = null;
    this.question = null;
    this.problem = null;
    this.isWaiting = false;
    this.#key = '';
    this.#wanted = null;
    this.#answered = '';
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #askSoon(pace: number): void {
    if (this.#isAsking || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#askedAt + pace - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, wait);
  }

  async #ask(): Promise<void> {
    const [place, question, key] = [this.#place, this.#wanted, this.#key];
    if (!place || !question) return;
    const asked = moment(place);
    this.#isAsking = true;
    this.#askedAt = performance.now();
    let isUnsettled = false;
    try {
      const answer = await place.ask(question);
      if (key === this.#key) {
        this.problem = null;
        isUnsettled = answer.state !== 'fresh';
        this.#take(answer, question);
        if (!isUnsettled) this.#answered = asked;
      }
    } catch (error) {
      if (key === this.#key) {
        this.problem = error instanceof Error ? error.message : String(error);
        // Not asked again before there is another step.
        this.#answered = asked;
      }
    }
    this.#isAsking = false;
    // A page behind another one asks nothing; on its return it says again what it wants.
    if (!document.hidden) {
      if (key !== this.#key) this.#askSoon(handMs);
      else if (isUnsettled && place.isLive) this.#askSoon(this.#pace);
    }
    this.#onChange();
  }

  #take({ state, reading }: TensorAnswer, question: TensorQuestion): void {
    this.isOld = state === 'older';
    this.isWaiting = state === 'waiting';
    if (!reading) return;
    this.reading = reading;
    this.question = question;
  }
}

function moment({ run, isLive, step }: Place): string {
  return JSON.stringify([run, isLive, step]);
}
