/**
 * Whether two names mean the same place: `München` and `Munich`, `Deutschland` and `Germany`.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';
import type { GeocodeLevel } from '../geocode-match.ts';
import { foldName } from './fold-name.ts';
import { withoutKind } from './kind-words.ts';
import { nameIndex } from './name-index.ts';
import { queryParts } from './query-parts.ts';

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
  const theirSpellings = spellings(b);
  if (spellings(a).some((key) => theirSpellings.includes(key))) return true;
  const country = gazetteer.countries.findIndex(({ code }) => code === countryCode);
  const [ours, theirs] = [a, b].map((name) =>
    meanings(gazetteer, level, lookUpKeys(name), country),
  );
  // The foremost meaning of one must be among those of the other: hamlets share many names.
  const [first] = ours ?? [];
  const [second] = theirs ?? [];
  return (
    (first !== undefined && (theirs?.includes(first) ?? false)) ||
    (second !== undefined && (ours?.includes(second) ?? false))
  );
}

/** What a name is looked up by: as a code, as it is, without brackets and the kind of place. */
function lookUpKeys(name: string): string[] {
  const [part] = queryParts(name);
  return part ? [...(part.code ? [part.code] : []), foldName(name), ...part.keys] : [];
}

/** What must be equal for names that nobody knows. */
const spellings = (name: string): string[] => {
  const key = foldName(name);
  return [key, withoutKind(key)].filter((text) => text !== '');
};

/** What a name can mean at a level, the most populous first. */
function meanings(
  gazetteer: Gazetteer,
  level: GeocodeLevel,
  keys: readonly string[],
  country: number,
): readonly number[] {
  const index = nameIndex(gazetteer);
  const { cities, regions } = gazetteer;
  const people = (city: number): number => (city < 0 ? 0 : cities.population[city]!);
  const isInside = (owner: number): boolean => country < 0 || owner === country;
  const atLevel = (key: string): readonly number[] => {
    const found = index.find(key);
    if (level === 'country') return found.countries;
    if (level === 'region')
      return found.regions
        .filter((item) => isInside(index.regions[item]!.country))
        .sort((x, y) => people(index.regions[y]!.city) - people(index.regions[x]!.city));
    return [...found.cities, ...found.citiesByAlias]
      .filter((city) => isInside(regions[cities.region[city]!]!.country))
      .sort((x, y) => people(y) - people(x));
  };
  return keys.map(atLevel).find((found) => found.length > 0) ?? [];
}
