/**
 * The gazetteer in memory: countries, regions, cities and their borders.
 *
 * Built from public data by `scripts/build-gazetteer.ts`; the sources and their licences are in
 * `NOTICE`. Tables are sections of text, a line for a record and a tab between fields.
 * @module
 */
import { decodeBorders, NOWHERE } from './borders.ts';
import { corrupt } from './bytes.ts';
import { type Cities, decodeCities } from './cities.ts';
import { CityFinder } from './city-finder.ts';
import { unpackSections } from './container.ts';
import { EdgeGrid } from './edge-grid.ts';
import { SOVEREIGN_OF } from './sovereign.ts';

/** A country or territory with an ISO 3166-1 code of its own (or Kosovo, `XK`). */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** Common English name. */
  readonly name: string;
  readonly continent: string;
  /** Its regions are `regions[firstRegion]` to `regions[lastRegion]`; none when that is empty. */
  readonly firstRegion: number;
  readonly lastRegion: number;
}

/** A first-level administrative division as GeoNames has it. */
export interface Region {
  /** GeoNames admin-1 code with country, e.g. `JP.12`. */
  readonly code: string;
  /** English name; empty when GeoNames gives the division none. */
  readonly name: string;
  readonly country: number;
}

/** One polygon of the region map. */
export interface RegionPolygon {
  /** Index of its country, or -1. */
  readonly country: number;
  /** Index of its region, or -1: see `isMixed` and `name`. */
  readonly region: number;
  /** Several regions share this polygon: the city decides. */
  readonly isMixed: boolean;
  /** Its English name on the map, for polygons that match no region; may be empty. */
  readonly name: string;
}

/** A polygon whose country no policy changes. */
export const UNCHANGED = -2;

/** The country of each polygon under a policy: {@link UNCHANGED}, -1 for nobody's, or an index. */
export interface PolicyMap {
  readonly countryPolygon: Int16Array;
  /** Where it says something, it goes before `countryPolygon`. */
  readonly regionPolygon: Int16Array;
}

/**
 * Other names of places, as text: a line for each, in UTF-8, which `forward/` decodes when it is
 * first asked. All empty in a gazetteer without them; places are then found by their own names.
 */
export interface NameSections {
  readonly countries: Uint8Array;
  readonly regions: Uint8Array;
  readonly cities: Uint8Array;
}

/** Where everything is. Immutable apart from indexes that fill on first use. */
export interface Gazetteer {
  readonly countries: readonly Country[];
  /** Sorted by country. */
  readonly regions: readonly Region[];
  readonly regionPolygons: readonly RegionPolygon[];
  readonly cities: Cities;
  /** Regions of this grid are country polygons; `countryOfPolygon` names their country. */
  readonly countryBorders: EdgeGrid;
  /** Index of the country of each country polygon, or -1 for nobody's land. */
  readonly countryOfPolygon: Int16Array;
  /** Regions of this grid are `regionPolygons`. */
  readonly regionBorders: EdgeGrid;
  readonly cityFinder: CityFinder;
  /** For each country the index of its sovereign: itself, unless it is a territory. */
  readonly sovereignOf: Int16Array;
  /** What `withPolicy` changed; absent under the default policy. */
  readonly policy?: PolicyMap;
  readonly names: NameSections;
}

/** What marks a polygon with several regions in the `region-polygons` table. */
export const MIXED = '*';

/**
 * Reads a gazetteer.
 *
 * @param bytes - the decompressed file
 * @throws GeorError `asset` when the bytes are not a whole gazetteer of this version.
 */
export function parseGazetteer(bytes: Uint8Array): Gazetteer {
  const sections = unpackSections(bytes);
  const section = (name: string): Uint8Array =>
    sections.get(name) ?? corrupt(`section ${name} is missing`);
  const lines = (name: string): string[] => {
    const text = new TextDecoder().decode(section(name));
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  };
  const table = (name: string): string[][] => lines(name).map((line) => line.split('\t'));

  const countryRows = table('countries');
  const countryIndex = new Map(countryRows.map(([code], i) => [code, i]));
  const countryOf = (code: string): number =>
    countryIndex.get(code) ?? corrupt(`country ${code} is not in the table`);

  const regions = table('regions').map(
    ([code = '', name = '']): Region => ({ code, name, country: countryOf(code.slice(0, 2)) }),
  );
  for (let i = 1; i < regions.length; i++) {
    if (regions[i]!.country < regions[i - 1]!.country) corrupt('regions are not sorted by country');
  }
  const regionIndex = new Map(regions.map(({ code }, i) => [code, i]));

  const countries = countryRows.map(
    ([code = '', name = '', continent = ''], i): Country => ({
      code,
      name,
      continent,
      firstRegion: lowerBound(regions, i),
      lastRegion: lowerBound(regions, i + 1) - 1,
    }),
  );
  const countryOfPolygon = Int16Array.from(table('country-polygons'), ([code]) =>
    code ? countryOf(code) : NOWHERE,
  );
  const regionPolygons = table('region-polygons').map(
    ([country = '', region = '', name = '']): RegionPolygon => ({
      country: country ? countryOf(country) : NOWHERE,
      region:
        region === '' || region === MIXED
          ? NOWHERE
          : (regionIndex.get(region) ?? corrupt(`region ${region} is not in the table`)),
      isMixed: region === MIXED,
      name,
    }),
  );
  const grid = (name: string, regionCount: number): EdgeGrid =>
    new EdgeGrid(decodeBorders(section(name), name, regionCount));
  const cities = decodeCities(
    section('cities'),
    lines('city-names'),
    regions.length,
    regionPolygons.length,
  );
  // Copies: a part of `bytes` would keep the whole file in memory.
  const names = (name: string): Uint8Array => sections.get(name)?.slice() ?? new Uint8Array();
  return {
    countries,
    regions,
    regionPolygons,
    cities,
    countryBorders: grid('country-borders', countryOfPolygon.length),
    countryOfPolygon,
    regionBorders: grid('region-borders', regionPolygons.length),
    cityFinder: new CityFinder(cities),
    sovereignOf: Int16Array.from(
      countryRows,
      ([code = ''], i) => countryIndex.get(SOVEREIGN_OF.get(code) ?? code) ?? i,
    ),
    names: {
      countries: names('country-aliases'),
      regions: names('region-aliases'),
      cities: names('city-aliases'),
    },
  };
}

/** The first region whose country is `country` or a later one. */
function lowerBound(regions: readonly Region[], country: number): number {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (regions[middle]!.country < country) low = middle + 1;
    else high = middle;
  }
  return low;
}
