/**
 * What a model said, read once and judged by everyone from the same reading.
 *
 * @module
 */
import type { Coordinate } from '../geo/index.ts';

/** The three prompt conditions that Geo-R compares (Tables 2, 3 and 5). */
export type PromptCondition = 'direct' | 'cot' | 'cor';

/**
 * The answer contracts geor speaks.
 *
 * - `geo-r`: labelled lines from country to `Coordinates: (lat, lon)`.
 * - `globe`: `<think>..</think><answer>country: X\ncity: Y</answer>`.
 * - `geoagent`: three stages as JSON, concluded by `Country; Region; Specific Location`.
 */
export type AnswerContract = 'geo-r' | 'globe' | 'geoagent';

/** One stage of a GeoAgent answer. */
export interface ReasoningStage {
  readonly level: 'country' | 'region' | 'place';
  readonly clues: readonly string[];
  readonly reasoning: string;
  readonly conclusion: string;
  readonly uncertainty: string;
}

/**
 * How an answer was read.
 * `strict`: the text follows the contract to the letter. `repaired`: a coordinate was found with the
 * repairs listed. `unreadable`: no coordinate was found.
 */
export type Reading = 'strict' | 'repaired' | 'unreadable';

/**
 * What had to be mended to read a coordinate.
 *
 * - `several-candidates`: different coordinates are readable; one was chosen (see `parseAnswer`).
 * - `repeated-pair`: the same pair in parentheses stands more than once.
 * - `labelled`: latitude and longitude stand under their own labels (`lat: .., lon: ..`, JSON keys).
 * - `missing-parentheses`: two numbers without parentheses around them.
 * - `hemisphere`: N, S, E or W (or the words) instead of signs.
 * - `degree-sign`: degree signs or the word degrees.
 * - `minutes-seconds`: sexagesimal instead of decimal degrees.
 * - `separator`: something other than one comma between the numbers.
 * - `number-format`: a sign or digit form the contract does not know (`−`, `.5`).
 * - `swapped-order`: longitude first, proven by a first number beyond 90 or by hemisphere letters.
 */
export type Repair =
  | 'several-candidates'
  | 'repeated-pair'
  | 'labelled'
  | 'missing-parentheses'
  | 'hemisphere'
  | 'degree-sign'
  | 'minutes-seconds'
  | 'separator'
  | 'number-format'
  | 'swapped-order';

/** A completion, parsed. Parsing never throws: what cannot be read is absent. */
export interface Answer {
  readonly reading: Reading;
  /** What had to be repaired, in order; empty for `strict`. */
  readonly repairs: readonly Repair[];
  /** The one coordinate the answer stands for, if any is readable. */
  readonly coordinate?: Coordinate;
  /** How many valid decimal pairs in parentheses the text holds (Geo-R, eq. 6 wants exactly one). */
  readonly pairCount: number;
  readonly country?: string;
  readonly region?: string;
  /** The city; in a GeoAgent answer the specific location, whatever its kind. */
  readonly city?: string;
  /** What stands before the answer proper (GLOBE: inside `<think>`), where the contract has it. */
  readonly reasoning?: string;
  /** The stages of a GeoAgent answer that could be read, in order. */
  readonly stages?: readonly ReasoningStage[];
}
