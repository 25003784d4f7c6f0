/**
 * A user's boundaries as GeoJSON: GADM, geoBoundaries and Natural Earth, told apart by their
 * properties.
 * @module
 */
import { readFileSync } from 'node:fs';
import { GeorError } from '../../src/core/index.ts';
import { countryName } from './countries.ts';
import { COUNTRY_CODES, toAlpha2 } from './country-codes.ts';
import { checkedPolygons } from './rings.ts';
import type { CoderProperties, Feature, NaturalEarthProperties } from './sources.ts';

/** Where a map maker writes what; of several properties the first that leads to an answer counts. */
interface Format {
  readonly name: string;
  /** Properties by which its files are known. */
  readonly marks: readonly string[];
  readonly countryCode: readonly string[];
  /** Names of the country, for areas whose code is the maker's own. */
  readonly country: readonly string[];
  readonly region: readonly string[];
}

/** Property names in lower case: makers change theirs between releases. */
const FORMATS: readonly Format[] = [
  {
    name: 'GADM',
    marks: ['gid_0'],
    countryCode: ['gid_0'],
    country: ['country', 'name_0'],
    region: ['name_1'],
  },
  {
    name: 'geoBoundaries',
    marks: ['shapegroup', 'shapename'],
    countryCode: ['shapegroup'],
    country: [],
    region: ['shapename'],
  },
  {
    name: 'Natural Earth',
    marks: ['adm0_a3'],
    countryCode: ['iso_a2', 'gu_a3', 'adm0_a3'],
    country: ['admin'],
    region: ['name_en', 'name'],
  },
];

type Properties = Readonly<Record<string, string>>;

interface Boundary {
  readonly properties: Properties;
  readonly format: Format;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly geometry: Feature<unknown>['geometry'];
}

/**
 * Countries from GeoJSON files.
 *
 * @throws GeorError `data` for a file that is no GeoJSON of a known maker, or a broken geometry
 */
export function readCountryFiles(paths: readonly string[]): Feature<CoderProperties>[] {
  return paths.flatMap(readBoundaries).map(({ country, geometry }) => ({
    properties: { nameEn: countryName(country), iso1A2: country },
    geometry,
  }));
}

/**
 * First-level divisions from GeoJSON files.
 *
 * @throws GeorError `data` as {@link readCountryFiles}, and for a file of countries
 */
export function readRegionFiles(paths: readonly string[]): Feature<NaturalEarthProperties>[] {
  return paths.flatMap((path) =>
    readBoundaries(path).map(({ properties, format, country, geometry }, i) => {
      const name = firstOf(properties, format.region);
      if (name === '') {
        throw new GeorError('data', `${path}: feature ${i} has no ${format.region[0]}`, {
          hint: 'regions come from a file of first-level divisions (GADM level 1, ADM1, admin_1)',
        });
      }
      return { properties: { ...properties, iso_a2: country, name, name_en: name }, geometry };
    }),
  );
}

function readBoundaries(path: string): Boundary[] {
  const features = readFeatures(path);
  const unknown = new Set<string>();
  const boundaries = features.flatMap((feature, i): Boundary[] => {
    const properties = lowerCased(Object(feature).properties);
    const format = FORMATS.find(({ marks }) => marks.every((mark) => mark in properties));
    if (!format) {
      throw new GeorError('data', `${path}: feature ${i} is of no known format`, {
        hint:
          'GADM has GID_0, geoBoundaries shapeGroup and shapeName, Natural Earth adm0_a3; ' +
          `this one has ${Object.keys(properties).slice(0, 12).join(', ') || 'no properties'}`,
      });
    }
    const name = firstOf(properties, [...format.region, ...format.country, ...format.countryCode]);
    const geometry = {
      type: 'MultiPolygon',
      coordinates: checkedPolygons(Object(feature).geometry, `${path}: feature ${i} (${name})`),
    } as const;
    const country = countryOf(properties, format);
    if (country === '') unknown.add(firstOf(properties, format.countryCode.toReversed()));
    return country === '' ? [] : [{ properties, format, country, geometry }];
  });
  if (unknown.size > 0)
    console.log(`  ${path}: left out, of no country: ${[...unknown].join(', ')}`);
  const formats = [...new Set(boundaries.map(({ format }) => format.name))].join(' and ');
  console.log(`  ${path}: ${boundaries.length} areas, ${formats || 'none'}`);
  if (boundaries.length === 0) throw new GeorError('data', `${path} has no area of any country`);
  return boundaries;
}

function readFeatures(path: string): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeorError('data', `cannot read ${path} as GeoJSON: ${reason}`, {
      hint: 'convert shapefiles and GeoPackages with ogr2ogr; see --help',
      cause,
    });
  }
  const { type, features } = Object(json);
  if (type === 'FeatureCollection' && Array.isArray(features)) return features;
  throw new GeorError('data', `${path} is no GeoJSON FeatureCollection`);
}

/** Properties that are texts or numbers, as texts under lower-case names. */
function lowerCased(properties: unknown): Properties {
  return Object.fromEntries(
    Object.entries(Object(properties))
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [name.toLowerCase(), String(value).trim()]),
  );
}

const firstOf = (properties: Properties, names: readonly string[]): string =>
  names.map((name) => properties[name]).find(Boolean) ?? '';

let codeOfName: ReadonlyMap<string, string> | undefined;

function countryOf(properties: Properties, { countryCode, country }: Format): string {
  const byCode = countryCode.map((name) => toAlpha2(properties[name] ?? '')).find(Boolean);
  if (byCode) return byCode;
  codeOfName ??= new Map([...COUNTRY_CODES].map((code) => [countryName(code), code]));
  return country.map((name) => codeOfName?.get(properties[name] ?? '')).find(Boolean) ?? '';
}
