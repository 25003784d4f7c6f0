/**
 * Reads a Geo-R answer.
 *
 * Strict: exactly one valid decimal pair in parentheses (Geo-R, section 3.2, eq. 6). What stands
 * around the pair is free, as in the paper, where one contract serves direct, chain-of-thought and
 * Chain-of-Region answers.
 * @module
 */
import type { Answer } from '../answer.ts';
import { chooseCandidate } from '../text/candidates.ts';
import { findPairs } from '../text/coordinates.ts';
import { type NamedLevels, readLevels } from '../text/levels.ts';
import { cleanName } from '../text/names.ts';
import { declinesToAnswer } from '../text/refusal.ts';

// A whole chain as it is built. Its names are whole lines, so that nothing inside them is a label.
const chain =
  /^Country: ([^\n:=<>{}]+)(?:\nState: ([^\n:=<>{}]+))?(?:\nCity: ([^\n:=<>{}]+))?\nCoordinates: \([^\n]+\)\s*$/;

function namesOf(text: string): NamedLevels {
  const lines = chain.exec(text);
  if (!lines) return readLevels(text);
  const country = cleanName(lines[1]!);
  const region = lines[2] && cleanName(lines[2]);
  const city = lines[3] && cleanName(lines[3]);
  return {
    ...(country !== undefined && { country }),
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}

/** The reading of a Geo-R completion. */
export function parseGeoR(text: string): Answer {
  const pairs = findPairs(text);
  const pairCount = pairs.length;
  const levels = namesOf(text);
  if (pairCount === 1)
    return { reading: 'strict', repairs: [], coordinate: pairs[0]!, pairCount, ...levels };
  const chosen = chooseCandidate(text, pairCount);
  if (chosen)
    return {
      reading: 'repaired',
      repairs: chosen.repairs,
      coordinate: chosen.coordinate,
      pairCount,
      ...levels,
    };
  const refusal = declinesToAnswer(text) ? ({ refusal: true } as const) : {};
  return { reading: 'unreadable', repairs: [], ...refusal, pairCount, ...levels };
}
