/**
 * Writes a Chain of Region.
 *
 * Source: Geo-R, section 3.1: the labels of a Chain of Region come from reverse-resolving the true
 * coordinate.
 *
 * Deviations:
 * 1. Coordinates have four decimals (11 m), where the paper's example has six.
 * 2. A level the gazetteer does not know has no line; nothing is made up to fill it.
 * 3. `cot` reasons about the coordinate, not about a picture (see `facts.ts`).
 * @module
 */
import type { Place } from '../../geo/index.ts';
import type { ChainOptions } from '../contract.ts';
import { reasoningSentence, writtenNames } from '../facts.ts';
import { formatCoordinate } from '../text/coordinates.ts';

/** `direct`: the pair; `cot`: a sentence and the pair on the next line; `cor`: labelled lines. */
export function buildGeoR(place: Place, { condition, decimals }: ChainOptions): string {
  const coordinates = formatCoordinate(place, decimals);
  if (condition === 'direct') return coordinates;
  if (condition === 'cot') return `${reasoningSentence(place)}\n${coordinates}`;
  const { country, region, city } = writtenNames(place);
  const lines = [`Country: ${country}`];
  if (region !== undefined) lines.push(`State: ${region}`);
  if (city !== undefined) lines.push(`City: ${city}`);
  return [...lines, `Coordinates: ${coordinates}`].join('\n');
}
