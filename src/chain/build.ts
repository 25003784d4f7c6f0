/**
 * Builds the text a model is trained to answer, from a resolved place.
 *
 * Source: Geo-R, section 3.1: the labels of a Chain of Region come from reverse-resolving the true
 * coordinate.
 *
 * Deviations:
 * 1. Coordinates have four decimals (11 m), where the paper's example has six.
 * 2. A level the gazetteer does not know has no line; nothing is made up to fill it.
 * 3. `cot`: the paper's chain-of-thought rows are free reasoning about the picture by a large model.
 *    A coordinate alone knows no picture, so ours is one sentence that reasons in prose about what
 *    the coordinate does imply: climate belt, continent, place. It keeps what the comparison is
 *    about, words before the numbers but no labelled chain.
 * @module
 */
import type { Place } from '../geo/index.ts';
import type { AnswerContract, PromptCondition } from './answer.ts';
import { DEFAULT_DECIMALS, formatCoordinate } from './coordinates.ts';

/** What to build. */
export interface ChainOptions {
  readonly condition: PromptCondition;
  /** Decimals of the coordinates, 0 to 10; default 4 (11 m). */
  readonly decimals?: number;
}

/** Obliquity of the ecliptic in degrees: the tropics end here, the polar circles 90 minus this. */
const OBLIQUITY = 23.44;

/** Names come from files: one line each, whatever they hold. */
const oneLine = (name: string): string => name.replace(/\s+/g, ' ').trim();

function climateBelt(lat: number): string {
  if (Math.abs(lat) <= OBLIQUITY) return 'the tropics';
  const side = lat > 0 ? 'northern' : 'southern';
  return Math.abs(lat) < 90 - OBLIQUITY ? `the ${side} temperate belt` : `the ${side} polar belt`;
}

function reasoning(place: Place): string {
  const within = [place.region, place.country].filter(Boolean).map((name) => oneLine(name!));
  const near = place.city ? `, near ${oneLine(place.city)}` : '';
  return `This fits ${climateBelt(place.lat)} in ${place.continent}: ${within.join(' in ')}${near}.`;
}

/**
 * The answer text for a place.
 *
 * @returns `direct`: the pair; `cot`: a sentence and the pair on the next line; `cor`: labelled lines
 * @throws GeorError `data` for a coordinate off the globe, `usage` for impossible decimals.
 * @example
 * buildChain(biei, 'geo-r', { condition: 'cor' })
 * // Country: Japan
 * // State: Hokkaido
 * // City: Biei Town
 * // Coordinates: (43.4520, 142.6154)
 */
export function buildChain(place: Place, _contract: AnswerContract, options: ChainOptions): string {
  const coordinates = formatCoordinate(place, options.decimals ?? DEFAULT_DECIMALS);
  switch (options.condition) {
    case 'direct':
      return coordinates;
    case 'cot':
      return `${reasoning(place)}\n${coordinates}`;
    case 'cor': {
      const lines = [`Country: ${oneLine(place.country)}`];
      if (place.region) lines.push(`State: ${oneLine(place.region)}`);
      if (place.city) lines.push(`City: ${oneLine(place.city)}`);
      lines.push(`Coordinates: ${coordinates}`);
      return lines.join('\n');
    }
  }
}
