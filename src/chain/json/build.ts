/**
 * Writes an answer as a JSON object.
 * @module
 */
import type { Place } from '../../geo/index.ts';
import type { ChainOptions } from '../contract.ts';
import { reasoningSentence, writtenNames } from '../facts.ts';
import { formatDegrees } from '../text/coordinates.ts';

/** `direct`: the coordinate; `cot`: a sentence, then coordinate and names; `cor`: names first. */
export function buildJson(place: Place, { condition, decimals }: ChainOptions): string {
  // Not by JSON.stringify alone: numbers keep their decimals.
  const [lat, lon] = formatDegrees(place, decimals);
  const coordinate = `"lat": ${lat}, "lon": ${lon}`;
  if (condition === 'direct') return `{${coordinate}}`;
  const { country, region, city } = writtenNames(place);
  const entry = (key: string, name: string | undefined): string[] =>
    name === undefined ? [] : [`"${key}": ${JSON.stringify(name)}`];
  const entries =
    condition === 'cot'
      ? [coordinate, ...entry('city', city), ...entry('country', country)]
      : [
          ...entry('country', country),
          ...entry('region', region),
          ...entry('city', city),
          coordinate,
        ];
  const object = `{${entries.join(', ')}}`;
  return condition === 'cot' ? `${reasoningSentence(place)}\n${object}` : object;
}
