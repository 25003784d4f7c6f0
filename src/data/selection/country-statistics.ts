/**
 * Roads, population and area of countries, which country quotas are made from.
 *
 * The built-in table is `assets/country-statistics.csv`; its sources are in its head. A user's table
 * has the same columns; columns may be absent, lines that begin with `#` are comments.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { readAsset } from '../../core/node/index.ts';

/** What a country is weighed by. */
export const STATISTICS = ['roadKm', 'population', 'areaKm2'] as const;

/** One of {@link STATISTICS}: kilometres, people, square kilometres. */
export type Statistic = (typeof STATISTICS)[number];

/** The figures of one country; a figure that is not known is absent. */
export type CountryFigures = Readonly<Partial<Record<Statistic, number>>>;

/** Figures by ISO 3166-1 alpha-2 code. */
export type CountryStatistics = ReadonlyMap<string, CountryFigures>;

const ASSET = 'country-statistics.csv';

const figure = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : Number(text)))
  .pipe(z.number().min(0).optional())
  .optional();

const country = z.object({
  countryCode: z
    .string()
    .trim()
    .regex(/^[A-Z]{2}$/, 'is not two capital letters'),
  roadKm: figure,
  population: figure,
  areaKm2: figure,
});

/**
 * Reads a table of countries.
 *
 * @param text - CSV with a header: countryCode and at least one of roadKm, population, areaKm2
 * @param path - what to call it in messages
 * @throws GeorError `data` for anything that is not such a table
 */
export function parseCountryStatistics(text: string, path: string): CountryStatistics {
  let records: unknown;
  try {
    records = parse(text, { bom: true, columns: true, comment: '#', skip_empty_lines: true });
  } catch (cause) {
    throw new GeorError('data', `${path} cannot be read as CSV: ${(cause as CsvError).message}`, {
      cause,
    });
  }
  const found = z.array(country).safeParse(records);
  if (!found.success) {
    const [issue] = found.error.issues;
    const [at, field] = issue?.path ?? [];
    throw new GeorError(
      'data',
      `country ${Number(at) + 1} of ${path}: ${String(field)} ${issue?.message}`,
      { hint: `the columns are countryCode, ${STATISTICS.join(', ')}; figures are at least 0` },
    );
  }
  const statistics = new Map<string, CountryFigures>();
  for (const { countryCode, ...figures } of found.data) {
    if (statistics.has(countryCode))
      throw new GeorError('data', `${path} has ${countryCode} twice`);
    const known = STATISTICS.flatMap((name) => {
      const value = figures[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    statistics.set(countryCode, Object.fromEntries(known));
  }
  if (![...statistics.values()].some((figures) => Object.keys(figures).length > 0))
    throw new GeorError('data', `${path} has no figures`, {
      hint: `give at least one of the columns ${STATISTICS.join(', ')}`,
    });
  return statistics;
}

/**
 * The table in a file, or the built-in one.
 *
 * @throws GeorError `data` when the file is missing or no such table, `asset` when the built-in one is
 */
export function countryStatistics(path?: string): CountryStatistics {
  if (path === undefined) return parseCountryStatistics(readAsset(ASSET).toString('utf8'), ASSET);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GeorError('data', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  return parseCountryStatistics(text, path);
}
