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
 * - `globe`: `<think>..</think><answer>country: X\ncity: Y</answer>`; no coordinate.
 * - `geoagent`: three stages as JSON, concluded by `Country; Region; Specific Location`; no
 *   coordinate.
 * - `json`: a plain JSON object with `lat`, `lon` and optional names, as general models are asked.
 */
export type AnswerContract = 'geo-r' | 'globe' | 'geoagent' | 'json';

/** One stage of a GeoAgent answer; what the stage does not say is empty. */
export interface ReasoningStage {
  readonly level: 'country' | 'region' | 'place';
  readonly clues: readonly string[];
  readonly reasoning: string;
  readonly conclusion: string;
  readonly uncertainty: string;
}

/**
 * How an answer was read.
 *
 * - `strict`: the text follows the contract to the letter; each contract's `parse.ts` states how.
 * - `repaired`: what the contract answers with was found, with the repairs listed.
 * - `unreadable`: no coordinate (`geo-r`, `json`) or no country (`globe`, `geoagent`) was found.
 */
export type Reading = 'strict' | 'repaired' | 'unreadable';

/**
 * What had to be mended to read an answer.
 *
 * Coordinates:
 * - `several-candidates`: different answers are readable; one was chosen (see `parseAnswer`).
 * - `repeated-pair`: the same answer stands more than once.
 * - `labelled`: latitude and longitude stand under labels where the contract has none.
 * - `missing-parentheses`: two numbers without parentheses around them.
 * - `hemisphere`: N, S, E or W (or the words) instead of signs.
 * - `degree-sign`: degree signs or the word degrees.
 * - `minutes-seconds`: sexagesimal instead of decimal degrees.
 * - `separator`: something other than the contract's separator between numbers or names.
 * - `number-format`: a sign or digit form the contract does not know (`−`, `.5`, quoted numbers).
 * - `decimal-comma`: `48,8566; 2,3522`, where no other reading is possible.
 * - `swapped-order`: longitude first, proven by a first number beyond 90 or by hemisphere letters.
 *
 * JSON:
 * - `no-object`: the answer stands in prose, not in a JSON object.
 * - `json-comma`: a comma too many (`,}`) or missing between entries.
 * - `json-quotes`: strings without quotes, in other quotes, or with bare quotes inside.
 * - `json-unclosed`: a brace, bracket or quote that the text never closes.
 * - `json-comment`: comments.
 * - `json-syntax`: anything else that JSON does not allow.
 * - `key-name`: a key under another name or spelling (`latitude`, `ReagionGuess`), or one too many.
 * - `value-type`: a value of another type (a string where a list belongs).
 * - `nesting`: what belongs at the top lies deeper.
 *
 * Tags and names:
 * - `tags`: `<think>` or `<answer>` missing, unclosed, doubled or misspelt.
 * - `code-fence`: a Markdown fence around the answer.
 * - `surrounding-text`: text where the contract has none.
 * - `labels`: `country:` and `city:` in another spelling or order, or with more levels.
 * - `unlabelled`: names without labels, read as `city, country`.
 * - `missing-level`: a final answer with fewer than its three parts.
 * - `missing-stage`: fewer than the three stages.
 * - `missing-final-answer`: no final answer; the conclusions of the stages stand for it.
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
  | 'decimal-comma'
  | 'swapped-order'
  | 'no-object'
  | JsonRepair
  | 'key-name'
  | 'value-type'
  | 'nesting'
  | 'tags'
  | 'code-fence'
  | 'surrounding-text'
  | 'labels'
  | 'unlabelled'
  | 'missing-level'
  | 'missing-stage'
  | 'missing-final-answer';

/** The repairs of broken JSON. */
export type JsonRepair =
  | 'json-comma'
  | 'json-quotes'
  | 'json-unclosed'
  | 'json-comment'
  | 'json-syntax';

/** A completion, parsed. Parsing never throws: what cannot be read is absent. */
export interface Answer {
  readonly reading: Reading;
  /** What had to be repaired, in order; empty for `strict`. */
  readonly repairs: readonly Repair[];
  /** Set where an unreadable text declines to answer, in a phrase or by `unknown` for a name. */
  readonly refusal?: true;
  /** The one coordinate the answer stands for, if the contract has one and any is readable. */
  readonly coordinate?: Coordinate;
  /** How many valid decimal pairs in parentheses the text holds (Geo-R, eq. 6 wants exactly one). */
  readonly pairCount: number;
  readonly country?: string;
  readonly region?: string;
  /** The city; in a GeoAgent answer the specific location, whatever its kind. */
  readonly city?: string;
  /**
   * What stands before the answer proper, where the contract has room for it: inside `<think>`
   * (`globe`, `geoagent`), before the object (`json`).
   */
  readonly reasoning?: string;
  /** The stages of a GeoAgent answer that could be read, from country to place. */
  readonly stages?: readonly ReasoningStage[];
}
