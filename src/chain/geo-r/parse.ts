/**
 * Reads a Geo-R answer.
 *
 * Strict: exactly one valid decimal pair in parentheses (Geo-R, section 3.2, eq. 6). What stands
 * around the pair is free, as in the paper, where one contract serves direct, chain-of-thought and
 * Chain-of-Region answers.
 * @module
 */
import type { Answer, Repair } from '../answer.ts';
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
  // Assigned one by one: conditional spreads cost more than the patterns, and training reads millions.
  const levels: { country?: string; region?: string; city?: string } = {};
  const country = cleanName(lines[1]!);
  const region = lines[2] && cleanName(lines[2]);
  const city = lines[3] && cleanName(lines[3]);
  if (country) levels.country = country;
  if (region) levels.region = region;
  if (city) levels.city = city;
  return levels;
}

/** A reading without names: all that the equations of the reward need. */
export type CoordinateReading = Pick<Answer, 'reading' | 'repairs' | 'coordinate' | 'pairCount'>;

const NO_REPAIRS: readonly Repair[] = [];

/** The coordinate of a Geo-R completion, as {@link parseGeoR} reads it, in a fraction of the time. */
export function readGeoRCoordinate(text: string): CoordinateReading {
  const pairs = findPairs(text);
  const pairCount = pairs.length;
  if (pairCount === 1)
    return { reading: 'strict', repairs: NO_REPAIRS, coordinate: pairs[0]!, pairCount };
  const chosen = chooseCandidate(text, pairCount);
  if (!chosen) return { reading: 'unreadable', repairs: [], pairCount };
  const { repairs, coordinate } = chosen;
  return { reading: 'repaired', repairs, coordinate, pairCount };
}

/** The reading of a Geo-R completion. */
export function parseGeoR(text: string): Answer {
  const found = { ...readGeoRCoordinate(text), ...namesOf(text) };
  const isRefusal = found.reading === 'unreadable' && declinesToAnswer(text);
  return isRefusal ? { ...found, refusal: true } : found;
}
