/**
 * Populated places from GeoNames: which ones count, and which region each belongs to.
 * @module
 */

import type { NewerCity } from './sources.ts';

/** One line of GeoNames, as far as the gazetteer needs it. */
export interface GeoNamesPlace {
  readonly id: number;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly country: string;
  /** Country and admin-1 code, e.g. `JP.12`; the code part may be empty or `00`. */
  readonly region: string;
  readonly population: number;
  /** In other languages, in ASCII, formerly, for short. */
  readonly otherNames: readonly string[];
}

/** City sections, historical, abandoned and destroyed places: not where a photo is "in". */
const DROPPED_CODES = new Set(['PPLX', 'PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

/** The boroughs of New York and Coney Island, which GeoNames files as towns of their own. */
const DROPPED_IDS = new Set([5110266, 5110302, 5113481, 5125771, 5133273, 5139568]);

/**
 * The places of `cities500.txt` that count, with the newest admin-1 codes known, sorted by region,
 * then latitude, then id.
 */
export function readPlaces(text: string, newer: readonly NewerCity[]): GeoNamesPlace[] {
  return withNewerRegions(parsePlaces(text), newer).sort(
    (a, b) => compare(a.region, b.region) || a.lat - b.lat || a.id - b.id,
  );
}

/**
 * Takes admin-1 codes from the newer list where it has the place.
 *
 * A country that has reformed its divisions may use an old code for another division (Vietnam,
 * 2025). Where most codes changed, places missing from the newer list therefore lose theirs.
 */
function withNewerRegions(places: GeoNamesPlace[], newer: readonly NewerCity[]): GeoNamesPlace[] {
  const key = (country: string, name: string, lat: number, lon: number): string =>
    `${country} ${name} ${lat.toFixed(2)} ${lon.toFixed(2)}`;
  const codes = new Map(
    newer.map((c) => [key(c.country, c.name, Number(c.lat), Number(c.lng)), c.admin1]),
  );
  const newerRegion = ({ country, name, lat, lon }: GeoNamesPlace): string | undefined => {
    const code = codes.get(key(country, name, lat, lon));
    return code ? `${country}.${code}` : undefined;
  };
  const balance = new Map<string, number>();
  for (const place of places) {
    const region = newerRegion(place);
    if (!region) continue;
    const step = region === place.region ? -1 : 1;
    balance.set(place.country, (balance.get(place.country) ?? 0) + step);
  }
  return places.map((place) => {
    const isReformed = (balance.get(place.country) ?? 0) > 0;
    const old = isReformed ? `${place.country}.` : place.region;
    return { ...place, region: newerRegion(place) ?? old };
  });
}

function parsePlaces(text: string): GeoNamesPlace[] {
  const places: GeoNamesPlace[] = [];
  for (const line of text.split('\n')) {
    const field = line.split('\t');
    if (field.length < 19) continue;
    const [id, name, ascii = '', alternates = '', lat, lon, , code = '', country = '', , admin1] =
      field;
    if (DROPPED_CODES.has(code) || DROPPED_IDS.has(Number(id))) continue;
    places.push({
      id: Number(id),
      name: name!.trim(),
      lat: Number(lat),
      lon: Number(lon),
      country,
      region: `${country}.${admin1}`,
      population: Number(field[14]),
      otherNames: [ascii, ...alternates.split(',')],
    });
  }
  return places;
}

/** Code point order: the same on every machine. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether a region code names a division at all. */
export const isRegionCode = (code: string): boolean => !/\.(00)?$/.test(code);
