/**
 * Whether two names mean the same place: `München` and `Munich`, `Deutschland` and `Germany`.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';
import type { GeocodeLevel } from '../geocode-match.ts';
import { foldName } from './fold-name.ts';
import { withoutKind } from './kind-words.ts';
import { nameIndex } from './name-index.ts';

/**
 * Whether two names mean the same country, region or city, in any language the gazetteer knows.
 *
 * Names the gazetteer does not know are the same when they are spelled the same, apart from case,
 * accents, punctuation and words such as `Province of`. An empty name is the same as none.
 *
 * @param countryCode - ISO 3166-1 alpha-2: regions and cities of this country only
 * @example isSamePlaceName(gazetteer, 'city', 'München', 'Munich') // true
 */
export function isSamePlaceName(
  gazetteer: Gazetteer,
  level: GeocodeLevel,
  a: string,
  b: string,
  countryCode?: string,
): boolean {
  const [left, right] = [keysOf(a), keysOf(b)];
  if (left.length === 0 || right.length === 0) return false;
  if (left.some((key) => right.includes(key))) return true;
  const country = gazetteer.countries.findIndex(({ code }) => code === countryCode);
  const [ours, theirs] = [left, right].map((keys) => meanings(gazetteer, level, keys, country));
  // The foremost meaning of one must be among those of the other: hamlets share many names.
  const [first] = ours ?? [];
  const [second] = theirs ?? [];
  return (
    (first !== undefined && (theirs?.includes(first) ?? false)) ||
    (second !== undefined && (ours?.includes(second) ?? false))
  );
}

const keysOf = (name: string): string[] => {
  const key = foldName(name);
  const code = /^[A-Z]{2,3}$/.test(name.trim()) ? [name.trim()] : [];
  return [...new Set([...code, key, withoutKind(key)])].filter((text) => text !== '');
};

/** What a name can mean at a level, the most populous first. */
function meanings(
  gazetteer: Gazetteer,
  level: GeocodeLevel,
  keys: readonly string[],
  country: number,
): number[] {
  const index = nameIndex(gazetteer);
  const { cities, regions } = gazetteer;
  const people = (city: number): number => (city < 0 ? 0 : cities.population[city]!);
  const isInside = (owner: number): boolean => country < 0 || owner === country;
  for (const key of keys) {
    if (level === 'country') {
      const found = index.countriesNamed(key);
      if (found.length > 0) return found;
    } else if (level === 'region') {
      const found = index
        .regionsNamed(key)
        .filter((item) => isInside(index.regions[item]!.country))
        .sort((x, y) => people(index.regions[y]!.city) - people(index.regions[x]!.city));
      if (found.length > 0) return found;
    } else {
      const found = [...index.citiesNamed(key), ...index.citiesAlsoNamed(key)]
        .filter((city) => isInside(regions[cities.region[city]!]!.country))
        .sort((x, y) => people(y) - people(x));
      if (found.length > 0) return found;
    }
  }
  return [];
}
