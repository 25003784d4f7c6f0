/**
 * What a coordinate and its names imply by themselves: the only reasons that text built from them
 * may give.
 *
 * Deviation: chain-of-thought rows of the papers are free reasoning about the picture by a large
 * model or a person. A coordinate alone knows no picture, so ours reasons about climate belt,
 * continent and place. It keeps what the comparison is about, words before the answer.
 * @module
 */
import type { Place } from '../geo/index.ts';
import { cleanName } from './text/names.ts';

/** Obliquity of the ecliptic in degrees: the tropics end here, the polar circles 90 minus this. */
const OBLIQUITY = 23.44;

/** `the tropics`, `the northern temperate belt` and so on, by latitude in degrees. */
export function climateBelt(lat: number): string {
  if (Math.abs(lat) <= OBLIQUITY) return 'the tropics';
  const side = lat > 0 ? 'northern' : 'southern';
  return Math.abs(lat) < 90 - OBLIQUITY ? `the ${side} temperate belt` : `the ${side} polar belt`;
}

/** The levels of a place as answers write them; a level without a usable name is absent. */
export function writtenNames(place: Place): { country: string; region?: string; city?: string } {
  const [region, city] = [place.region, place.city].map((name) => cleanName(name ?? ''));
  return {
    country: cleanName(place.country) ?? 'N/A',
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}

/** One sentence that leads to a place, e.g. `This fits the tropics in Africa: Lagos in Nigeria.` */
export function reasoningSentence(place: Place): string {
  const { country, region, city } = writtenNames(place);
  const within = region === undefined ? country : `${region} in ${country}`;
  const near = city === undefined ? '' : `, near ${city}`;
  return `This fits ${climateBelt(place.lat)} in ${place.continent}: ${within}${near}.`;
}
