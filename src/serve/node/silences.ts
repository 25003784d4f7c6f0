/**
 * Which of several processes have said nothing for too long.
 *
 * Counted in intervals that this process lived through, not by the clock: were the machine asleep for an
 * hour, or this process kept from running, all of them would seem to have been silent.
 * @module
 */

/** Counts the intervals in which a process was not heard. */
export class Silences {
  readonly #limit: number;
  #silent = new Map<number, number>();

  /** @param limit - intervals without a word that are too many */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A process said something. */
  heard(id: number): void {
    this.#silent.set(id, 0);
  }

  /**
   * An interval has passed.
   *
   * @param ids - of the processes that there are; a new one counts from here on
   * @returns those that were silent for too long
   */
  interval(ids: readonly number[]): readonly number[] {
    this.#silent = new Map(ids.map((id) => [id, (this.#silent.get(id) ?? -1) + 1]));
    return ids.filter((id) => this.#silent.get(id)! > this.#limit);
  }
}
