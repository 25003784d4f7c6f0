/**
 * Names to a coordinate: `Springfield, Illinois, USA` is one place of some sixty.
 *
 * A query is taken apart at commas. The first part that can be read in agreement with all the parts
 * after it is the answer: as a city, else a region, else a country. What decides, in this order:
 *
 * 1. A part that names nothing where the parts after it say is left out (`unused` in the match).
 * 2. Names as written, then without words such as `Province of`, then with one letter wrong.
 * 3. A city or a region of one name: the city, if it is the region's largest (`New York`), or has a
 *    tenth of its people and half those of its largest city (`Washington`, but `Bali` is the island).
 * 4. Of several cities the one with the most people; a name that is the gazetteer's own counts
 *    more than one from its lists.
 *
 * The named country always holds: `Helsinki, Sweden` is Sweden. A region that is not in it is left
 * out. A city just outside the named region is taken for being in it; of a city farther off and the
 * region the region holds (`Portland, California`), unless the country has but one such city of size
 * within reach (`Karimnagar, Andhra Pradesh`): borders of regions move, cities do not. Coarse to fine
 * (`France; Normandy; Rouen`) is understood.
 *
 * Source of the task: Geo-R, section 4.1 (names to canonical entities); the rules are our own.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';
import type { GeocodeMatch, PlaceNames } from '../geocode-match.ts';
import { Choice, type Found } from './choice.ts';
import { type QueryPart, queryPart, queryParts } from './query-parts.ts';
import { type Constraint, SenseFinder, type Senses } from './senses.ts';

/** How to read a query. */
export interface GeocodeOptions {
  /** Whether to guess at names with one wrong letter when nothing matches as written; default true. */
  readonly typos?: boolean;
}

/** A reading of a query, with the parts that went into it. */
interface Reading {
  readonly found: Found;
  readonly used: ReadonlySet<QueryPart>;
}

/** Words of one part that are tried as `Portland Maine`. */
const MAX_WORDS = 8;

const LEVELS = ['country', 'region', 'city'] as const;

/**
 * The place that names mean, with the level that could be matched; null when no part names any place.
 *
 * Reads the first thousand characters. Never throws, whatever the text.
 *
 * @param query - text, finest part first or last, or names by level
 * @example forwardGeocode(gazetteer, 'Helsingfors, Finland')?.lat // 60.1695
 */
export function forwardGeocode(
  gazetteer: Gazetteer,
  query: string | PlaceNames,
  { typos = true }: GeocodeOptions = {},
): GeocodeMatch | null {
  const finder = new SenseFinder(gazetteer);
  const parts = queryParts(query).flatMap((part) => splitWords(finder, part));
  let best = read(finder, gazetteer, parts, typos);
  if (typeof query === 'string' && isCoarseFirst(finder, parts)) {
    const other = read(finder, gazetteer, parts.toReversed(), typos);
    if (!best || (other && isBetter(other, best, parts.length))) best = other;
  }
  return best && toMatch(finder, gazetteer, best, parts);
}

/** `Portland Maine` as two parts, when it names nothing as one. */
function splitWords(finder: SenseFinder, part: QueryPart): readonly QueryPart[] {
  const words = part.text.split(/\s+/);
  if (words.length < 2 || words.length > MAX_WORDS || finder.isKnown(part)) return [part];
  for (let at = 1; at < words.length; at++) {
    const finer = queryPart(words.slice(0, at).join(' '), part.isAside);
    const coarser = queryPart(words.slice(at).join(' '), part.isAside);
    if (!finer || !coarser || !finder.isKnown(finer)) continue;
    const isArea = [coarser.code, ...coarser.keys].some((key) => {
      const { countries, regions } = finder.named(key);
      return countries.length + regions.length > 0;
    });
    const level = part.level && { level: part.level };
    if (isArea) return [{ ...finer, ...level }, coarser];
  }
  return [part];
}

/** Whether a query may run from the country down: it begins with an area and ends with no country. */
function isCoarseFirst(finder: SenseFinder, parts: readonly QueryPart[]): boolean {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last || parts.length < 2) return false;
  const senses = (part: QueryPart): Senses[] => part.keys.map((key) => finder.named(key));
  return (
    senses(first).some(({ countries, regions }) => countries.length + regions.length > 0) &&
    senses(last).every(({ countries }) => countries.length === 0)
  );
}

/** Whether a reading makes sense of more parts; or of all, and at a finer level. */
const isBetter = (a: Reading, b: Reading, parts: number): boolean =>
  a.used.size > b.used.size ||
  (a.used.size === parts &&
    b.used.size === parts &&
    LEVELS.indexOf(a.found.level) > LEVELS.indexOf(b.found.level));

/** Reads parts, finest first. */
function read(
  finder: SenseFinder,
  gazetteer: Gazetteer,
  parts: readonly QueryPart[],
  typos: boolean,
): Reading | null {
  const choice = new Choice(finder, gazetteer);
  // demands[i]: of the parts after part i, with the part that each comes from
  const demands: (readonly (readonly [QueryPart, Constraint])[])[] = [];
  let demanded: readonly (readonly [QueryPart, Constraint])[] = [];
  for (let i = parts.length - 1; i >= 0; i--) {
    demands[i] = demanded;
    if (i === 0) break;
    const firm = demanded.filter(([{ isAside }]) => !isAside).map(([, constraint]) => constraint);
    const constraint = finder.constraint(parts[i]!, firm, typos);
    if (constraint) demanded = [...demanded, [parts[i]!, constraint]];
  }
  for (const [i, part] of parts.entries()) {
    if (part.isAside) continue;
    const around = demands[i]!;
    const firm = around.filter(([{ isAside }]) => !isAside).map(([, constraint]) => constraint);
    const soft = around.filter(([{ isAside }]) => isAside).map(([, constraint]) => constraint);
    const found = choice.of(part, firm, soft, i > 0);
    if (found) return { found, used: new Set([part, ...around.map(([other]) => other)]) };
    const city = choice.onlyCity(part, firm);
    if (city !== null) {
      const agreeing = around.filter(([, demand]) => finder.cityFits(city, demand, true));
      const used = new Set([part, ...agreeing.map(([other]) => other)]);
      return { found: { level: 'city', city, isTypo: false }, used };
    }
    const guess = typos ? choice.guess(part, firm, soft, i > 0) : null;
    if (guess) return { found: guess, used: new Set([part, ...around.map(([other]) => other)]) };
  }
  return null;
}

function toMatch(
  finder: SenseFinder,
  { countries, regions, cities }: Gazetteer,
  { found, used }: Reading,
  parts: readonly QueryPart[],
): GeocodeMatch | null {
  const unused = parts.filter((part) => !used.has(part)).map(({ text }) => text);
  const notes = {
    ...(found.isTypo && { isTypo: true as const }),
    ...(unused.length > 0 && { unused }),
  };
  if (found.level === 'country') {
    const { name, code } = countries[found.country]!;
    const point = finder.index.countryPoints[found.country];
    return point
      ? { ...point, level: 'country', name, countryCode: code, country: name, ...notes }
      : null;
  }
  if (found.level === 'region') {
    const { country, region, partName, point } = found.region;
    const owner = countries[country]!;
    const whole = regions[region]?.name || partName;
    return point
      ? {
          ...point,
          level: 'region',
          name: partName || whole,
          countryCode: owner.code,
          country: owner.name,
          region: whole,
          ...notes,
        }
      : null;
  }
  const owner = countries[finder.countryOf(found.city)]!;
  const region = regions[cities.region[found.city]!]!.name;
  const city = cities.names[found.city]!;
  return {
    ...finder.pointOf(found.city),
    level: 'city',
    name: city,
    countryCode: owner.code,
    country: owner.name,
    ...(region && { region }),
    city,
    ...notes,
  };
}
