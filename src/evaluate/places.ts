/**
 * Country, region and city accuracy, and which countries are taken for each other.
 *
 * Both coordinates are resolved by the same gazetteer, so that spelling plays no part. A row counts
 * at a level when its truth has that level; an unreadable answer, or one in the open sea, is wrong.
 * A region is right only within the right country, a city only within the right region.
 * @module
 */
import { isSameName } from '../chain/index.ts';
import type { Place } from '../geo/index.ts';
import { AttributeBuilder, type AttributeColumn } from './attribute-column.ts';
import { type Share, wilsonShare } from './intervals.ts';
import type { ScoredRows } from './score.ts';

/** The place at a coordinate, `null` where there is none. Usually a gazetteer's reverse geocoding. */
export type PlaceFinder = (lat: number, lon: number) => Place | null;

/** Accuracy at a level and the number of truth rows that have it. */
export interface LevelShare extends Share {
  readonly n: number;
}

/** Accuracy per level of the Chain of Region. */
export interface LevelAccuracy {
  readonly country: LevelShare;
  readonly region: LevelShare;
  readonly city: LevelShare;
}

/** How often pictures of one country were placed in another. */
export interface CountryConfusion {
  readonly truth: string;
  readonly answered: string;
  readonly count: number;
}

/** What resolving every coordinate tells. */
export interface PlaceFigures {
  readonly levels: LevelAccuracy;
  /** The most frequent first. */
  readonly confusions: readonly CountryConfusion[];
  /** Continent and country of each truth row, to break results down by. */
  readonly continent: AttributeColumn;
  readonly country: AttributeColumn;
}

const isSameCountry = (a: Place, b: Place): boolean => a.countryCode === b.countryCode;

function isSameRegion(a: Place, b: Place): boolean {
  if (!isSameCountry(a, b)) return false;
  if (a.regionCode && b.regionCode) return a.regionCode === b.regionCode;
  return isSameName(a.region ?? '', b.region ?? '');
}

function isSameCity(a: Place, b: Place): boolean {
  const isInOneRegion = a.region && b.region ? isSameRegion(a, b) : isSameCountry(a, b);
  return isInOneRegion && isSameName(a.city ?? '', b.city ?? '');
}

/** Resolves every coordinate and compares. */
export function placeFigures(rows: ScoredRows, placeAt: PlaceFinder): PlaceFigures {
  const { n, lat, lon } = rows.truth;
  const having = { country: 0, region: 0, city: 0 };
  const right = { country: 0, region: 0, city: 0 };
  const continent = new AttributeBuilder();
  const country = new AttributeBuilder();
  const confusions = new Map<string, { truth: string; answered: string; count: number }>();
  for (let row = 0; row < n; row++) {
    const place = placeAt(lat[row]!, lon[row]!);
    if (!place) continue;
    continent.set(row, place.continent);
    country.set(row, place.country);
    const isAnswered = Number.isFinite(rows.distanceKm[row]);
    const said = isAnswered ? placeAt(rows.lat[row]!, rows.lon[row]!) : null;
    having.country++;
    if (place.region) having.region++;
    if (place.city) having.city++;
    if (!said) continue;
    if (isSameCountry(said, place)) right.country++;
    else {
      const key = `${place.countryCode} ${said.countryCode}`;
      const known = confusions.get(key);
      if (known) known.count++;
      else confusions.set(key, { truth: place.country, answered: said.country, count: 1 });
    }
    if (place.region && isSameRegion(said, place)) right.region++;
    if (place.city && isSameCity(said, place)) right.city++;
  }
  const share = (level: keyof typeof having): LevelShare => ({
    n: having[level],
    ...wilsonShare(right[level], having[level]),
  });
  return {
    levels: { country: share('country'), region: share('region'), city: share('city') },
    confusions: [...confusions.values()].sort((a, b) => b.count - a.count),
    continent: continent.column(n),
    country: country.column(n),
  };
}
