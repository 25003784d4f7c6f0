/**
 * A limit on what is under way: what does not fit is turned away at once and told when to come again,
 * for a queue without an end would only let every client wait until it gives up.
 * @module
 */
import { ApiError } from './api-error.ts';

/** Counts what is under way. */
export class Gate {
  readonly #capacity: number;
  readonly #what: string;
  readonly #retryAfterSeconds: number;
  #used = 0;

  /** @param what - what is counted, in a word */
  constructor(capacity: number, what: string, retryAfterSeconds: number) {
    this.#capacity = capacity;
    this.#what = what;
    this.#retryAfterSeconds = retryAfterSeconds;
  }

  /** How much is under way. */
  get used(): number {
    return this.#used;
  }

  /**
   * Takes room for `amount`; what is larger than all of it takes all of it.
   *
   * @returns gives the room back; further calls do nothing
   * @throws ApiError 503 when there is not enough room.
   */
  enter(amount: number): () => void {
    const taken = Math.min(amount, this.#capacity);
    if (this.#used + taken > this.#capacity)
      throw new ApiError(
        503,
        'busy',
        `${this.#used} of ${this.#capacity} ${this.#what} are under way, there is no room for ${amount}`,
        'try again after Retry-After seconds',
        this.#retryAfterSeconds,
      );
    this.#used += taken;
    let isInside = true;
    return () => {
      if (isInside) this.#used -= taken;
      isInside = false;
    };
  }
}
