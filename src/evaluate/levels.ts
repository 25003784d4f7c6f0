/**
 * Country, region and city accuracy: is the predicted coordinate in the right one?
 *
 * Both coordinates are resolved by the same gazetteer, so that spelling plays no part. A row counts
 * at a level when its truth has that level; an unreadable answer, or one in the open sea, is wrong.
 * A region is right only within the right country, a city only within the right region.
 * @module
 */
import { isSameName } from '../chain/index.ts';
import type { Place } from '../geo/index.ts';
import { type Share, wilsonShare } from './intervals.ts';
import type { JudgedRow } from './judge.ts';

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

/** Accuracy per level over judged rows, each with its 95 % Wilson interval. */
export function levelAccuracy(rows: readonly JudgedRow[], placeAt: PlaceFinder): LevelAccuracy {
  const n = { country: 0, region: 0, city: 0 };
  const right = { country: 0, region: 0, city: 0 };
  for (const { truth, coordinate } of rows) {
    const place = placeAt(truth.lat, truth.lon);
    if (!place) continue;
    const said = coordinate ? placeAt(coordinate.lat, coordinate.lon) : null;
    n.country++;
    if (said && isSameCountry(said, place)) right.country++;
    if (place.region) n.region++;
    if (place.region && said && isSameRegion(said, place)) right.region++;
    if (place.city) n.city++;
    if (place.city && said && isSameCity(said, place)) right.city++;
  }
  const share = (level: keyof typeof n): LevelShare => ({
    n: n[level],
    ...wilsonShare(right[level], n[level]),
  });
  return { country: share('country'), region: share('region'), city: share('city') };
}
