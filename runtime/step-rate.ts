// Steps a second, as the wall times of the last ones say.

/** The speed is that of the last steps within this time. */
const spanSeconds = 3;

export class StepRate {
  /** Wall times, in seconds. */
  #times: number[] = [];

  add(wallTime: number): void {
    this.#times.push(wallTime);
    if (this.#times.length > 2 && wallTime - (this.#times[0] ?? 0) > 2 * spanSeconds) this.#forget(wallTime);
  }

  /** After a pause, which is no part of any step. */
  restart(): void {
    this.#times = [];
  }

  /** NaN before the second step. */
  get perSecond(): number {
    this.#forget(this.#times.at(-1) ?? 0);
    const seconds = (this.#times.at(-1) ?? 0) - (this.#times[0] ?? 0);
    return seconds > 0 ? (this.#times.length - 1) / seconds : NaN;
  }

  /** Keeps two at least, however far apart. */
  #forget(newest: number): void {
    const first = this.#times.findIndex((time) => newest - time <= spanSeconds);
    this.#times = this.#times.slice(Math.max(0, Math.min(first, this.#times.length - 2)));
  }
}
