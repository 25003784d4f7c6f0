/**
 * The contracts by name, and the verbs over them.
 *
 * @module
 */
import type { Place } from '../geo/index.ts';
import type { Answer, AnswerContract, PromptCondition } from './answer.ts';
import type { ChainOptions, Contract, PromptStyle } from './contract.ts';
import { geoR } from './geo-r/contract.ts';
import { geoAgent } from './geoagent/contract.ts';
import { globe } from './globe/contract.ts';
import { json } from './json/contract.ts';

const contracts: Readonly<Record<AnswerContract, Contract>> = {
  'geo-r': geoR,
  globe,
  geoagent: geoAgent,
  json,
};

/** Every contract, in the order of the papers. */
export const ANSWER_CONTRACTS: readonly AnswerContract[] = ['geo-r', 'globe', 'geoagent', 'json'];

/**
 * The text that goes with the picture. The wording is ours; the answer contracts are the papers'.
 *
 * @param style - `full` (default) for instruction-tuned models; `short` for a model trained on these
 * very questions, where every prompt token costs time
 */
export function answerPrompt(
  contract: AnswerContract,
  condition: PromptCondition,
  style: PromptStyle = 'full',
): string {
  return contracts[contract].prompts[style][condition];
}

/**
 * The answer text for a place, in each contract's own form: `direct` is the answer alone, `cot` puts
 * a sentence of prose before it, `cor` goes from the country to the place.
 *
 * Names are written by `cleanName`, and such names are read back as written. A level that is not
 * known is left out, and `N/A` in GeoAgent's three parts.
 *
 * @throws GeorError `data` for a coordinate off the globe, `usage` for impossible decimals.
 * @example
 * buildChain(biei, 'geo-r', { condition: 'cor' })
 * // Country: Japan
 * // State: Hokkaido
 * // City: Biei Town
 * // Coordinates: (43.4520, 142.6154)
 */
export function buildChain(place: Place, contract: AnswerContract, options: ChainOptions): string {
  return contracts[contract].build(place, options);
}

/**
 * Reads a completion: to the letter of the contract first, with named repairs where that fails.
 * Never throws; time is linear in the text.
 *
 * When several coordinates are readable, one introduced as the answer (`Coordinates: ..`,
 * `Final answer: ..`) beats one marked as a coordinate (labels, hemispheres, parentheses), which
 * beats two bare decimals; among equals the last one counts, because models reason first and
 * conclude last. So does the last of several objects or `<answer>` tags.
 *
 * @example
 * parseAnswer('Country: Japan\nCoordinates: (43.4520, 142.6154)', 'geo-r')
 * // { reading: 'strict', repairs: [], pairCount: 1, coordinate: { lat: 43.452, lon: 142.6154 }, country: 'Japan' }
 */
export function parseAnswer(text: string, contract: AnswerContract): Answer {
  return contracts[contract].parse(text);
}

/**
 * Whether an answer has the whole form its paper publishes, which is what a format reward grants.
 * `strict` also holds for the shorter forms of the other prompt conditions.
 *
 * - `geo-r`: exactly one valid pair (section 3.2, eq. 6).
 * - `globe`: strict, with reasoning, country and city.
 * - `geoagent`: strict, with three stages and all parts of the final answer.
 * - `json`: strict.
 */
export function hasOfficialFormat(answer: Answer, contract: AnswerContract): boolean {
  return contracts[contract].isOfficial(answer);
}
