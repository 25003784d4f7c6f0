/**
 * What a model said, read once and judged by everyone from the same reading.
 *
 * @module
 */
import type { Coordinate } from '../geo/index.ts';

/** The three prompt conditions that Geo-R compares (Tables 2, 3 and 5). */
export type PromptCondition = 'direct' | 'cot' | 'cor';

/**
 * How an answer was read.
 * `strict`: the text follows the contract to the letter. `repaired`: a coordinate was found with the
 * repairs listed. `unreadable`: no coordinate was found.
 */
export type Reading = 'strict' | 'repaired' | 'unreadable';

/** A completion, parsed. Parsing never throws: what cannot be read is absent. */
export interface Answer {
  readonly reading: Reading;
  /** What had to be repaired, in order; empty for `strict`. */
  readonly repairs: readonly string[];
  /** The one coordinate the answer stands for, if any is readable. */
  readonly coordinate?: Coordinate;
  /** How many valid decimal pairs in parentheses the text holds (Geo-R, eq. 6 wants exactly one). */
  readonly pairCount: number;
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
}
