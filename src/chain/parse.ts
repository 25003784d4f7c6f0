/**
 * Reads a completion: to the letter of the contract first, with repairs where that fails.
 *
 * Source of the strict reading: Geo-R, section 3.2, eq. (6): exactly one valid decimal pair in
 * parentheses. What stands around the pair is free, as in the paper, where one contract serves
 * direct, chain-of-thought and Chain-of-Region answers.
 * @module
 */
import type { Answer, AnswerContract, Repair } from './answer.ts';
import { type Candidate, findCandidates } from './candidates.ts';
import { findPairs } from './coordinates.ts';
import { readLevels } from './levels.ts';

const same = (a: Candidate, b: Candidate): boolean =>
  a.coordinate.lat === b.coordinate.lat && a.coordinate.lon === b.coordinate.lon;

/**
 * Reads a completion. Never throws; time is linear in the text.
 *
 * When several coordinates are readable, one introduced as the answer (`Coordinates: ..`,
 * `Final answer: ..`) beats one marked as a coordinate (labels, hemispheres, parentheses), which
 * beats two bare decimals; among equals the last one counts, because models reason first and
 * conclude last.
 *
 * @example
 * parseAnswer('Country: Japan\nCoordinates: (43.4520, 142.6154)', 'geo-r')
 * // { reading: 'strict', repairs: [], pairCount: 1, coordinate: { lat: 43.452, lon: 142.6154 }, country: 'Japan' }
 */
export function parseAnswer(text: string, _contract: AnswerContract): Answer {
  const pairs = findPairs(text);
  const pairCount = pairs.length;
  const levels = readLevels(text);
  if (pairCount === 1)
    return { reading: 'strict', repairs: [], coordinate: pairs[0]!, pairCount, ...levels };
  const candidates = findCandidates(text);
  let chosen = candidates[0];
  if (!chosen) return { reading: 'unreadable', repairs: [], pairCount, ...levels };
  for (const candidate of candidates) if (candidate.rank >= chosen.rank) chosen = candidate;
  const repairs: Repair[] = [...chosen.repairs];
  if (candidates.some((candidate) => !same(candidate, chosen))) repairs.push('several-candidates');
  else if (pairCount > 1) repairs.push('repeated-pair');
  return { reading: 'repaired', repairs, coordinate: chosen.coordinate, pairCount, ...levels };
}
