/**
 * Draws a fixed number of rows from each stratum, one row after the other.
 *
 * Selection sampling (Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S; Fan,
 * Muller and Rezucha 1962): a row is kept with probability rows still wanted / rows still to come.
 * Every subset of the wanted size is equally likely, the order is kept, and no row is remembered.
 * @module
 */
import type { Random } from '../../core/index.ts';

/** Says of each row, as it passes by, whether it is kept. */
export class StratifiedSampler {
  readonly #left: Map<number, { rows: number; wanted: number }>;
  readonly #source: Random;

  /**
   * @param available - rows to come, per stratum
   * @param quotas - rows to keep of each, at most as many; none where absent
   */
  constructor(
    available: ReadonlyMap<number, number>,
    quotas: ReadonlyMap<number, number>,
    source: Random,
  ) {
    this.#left = new Map(
      [...available].map(([stratum, rows]) => [
        stratum,
        { rows, wanted: quotas.get(stratum) ?? 0 },
      ]),
    );
    this.#source = source;
  }

  /** Whether the next row, of this stratum, is kept. Draws one number, whatever the answer. */
  keeps(stratum: number): boolean {
    const left = this.#left.get(stratum);
    if (!left) return false;
    const isKept = this.#source.uniform() * left.rows < left.wanted;
    left.rows--;
    if (isKept) left.wanted--;
    return isKept;
  }

  /** Whether exactly the rows that were announced have passed by. */
  get isDone(): boolean {
    return [...this.#left.values()].every(({ rows }) => rows === 0);
  }
}
