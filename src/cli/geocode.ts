/**
 * `geor geocode`: names to coordinates.
 * @module
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Command, Option } from 'commander';
import { GeorError } from '../core/index.ts';
import { defaultGazetteer, loadGazetteer } from '../data/index.ts';
import { forwardGeocode, type GeocodeMatch, type Geocoder, type PlaceNames } from '../geo/index.ts';
import { limitOf, write } from './resolve.ts';
import {
  formatRows,
  type InputRow,
  type ResolvedRow,
  type RowFormat,
  readRows,
} from './resolve-rows.ts';

interface Flags {
  readonly input?: string;
  readonly column: string;
  readonly typos: boolean;
  readonly json?: boolean;
  readonly format?: RowFormat;
  readonly gazetteer?: string;
  readonly limit?: string;
  readonly output?: string;
}

/** The columns of a result, in order; all but `query` and `level` are absent when nothing matched. */
const MATCH_COLUMNS = [
  'query',
  'lat',
  'lon',
  'level',
  'name',
  'countryCode',
  'country',
  'region',
  'city',
  'isTypo',
  'unused',
] as const satisfies readonly ('query' | keyof GeocodeMatch)[];

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('geocode')
    .description('names to coordinates, with the level that was matched')
    .argument('[query]', 'names with commas between them: "Helsinki, Finland"')
    .option('--input <file>', 'one query a line, or CSV, TSV or JSON lines; columns pass through')
    .option('--column <name>', 'the column of the input with the query', 'query')
    .option('--no-typos', 'match names as they are written only')
    .option('--json', 'one JSON document')
    .addOption(
      new Option('--format <format>', 'how to write the result')
        .choices(['text', 'json', 'jsonl', 'csv'])
        .conflicts('json'),
    )
    .option('--gazetteer <file>', 'look names up in this gazetteer instead of the built-in one')
    .option('--limit <n>', 'stop after this many rows')
    .option('-o, --output <file>', 'write to this file, whole or not at all')
    .addHelpText(
      'after',
      '\nA region or a country has the coordinate of its largest city. Every row of an input gives one\n' +
        'row, in order; one without a match has the level null, and the exit code is then 1. A table\n' +
        'without the column may have city, region and country instead.\n' +
        '\nExamples:\n' +
        '  geor geocode "Springfield, Illinois, USA"\n' +
        '  geor geocode --input places.txt --format csv -o coordinates.csv',
    )
    .action(run);
}

async function run(query: string | undefined, flags: Flags): Promise<void> {
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if ((flags.input === undefined) === (query === undefined)) {
    throw new GeorError('usage', 'geocode takes either a query or --input FILE', {
      hint: 'for example: geor geocode "Helsinki, Finland"',
    });
  }
  const limit = limitOf(flags.limit);
  const gazetteer =
    flags.gazetteer === undefined ? defaultGazetteer() : loadGazetteer(flags.gazetteer);
  const geocode: Geocoder = (text) => forwardGeocode(gazetteer, text, { typos: flags.typos });
  if (query !== undefined) {
    const match = geocode(query);
    await write(oneMatch(query, match, format), flags.output);
    if (!match) process.exitCode = 1;
    return;
  }
  const counts = { rows: 0, misses: 0 };
  const rows = geocodeAll(readQueries(flags.input!), flags.column, geocode, limit, counts);
  await write(formatRows(rows, format, MATCH_COLUMNS, describeMatch), flags.output);
  if (counts.misses > 0) {
    process.stderr.write(`${counts.misses} of ${counts.rows} rows have no match\n`);
    process.exitCode = 1;
  }
}

/** The rows of a table, or a row for each line of any other text. */
async function* readQueries(path: string): AsyncGenerator<InputRow> {
  if (/\.(csv|tsv|jsonl|ndjson)$/i.test(path)) {
    yield* readRows(path);
    return;
  }
  try {
    const input = createReadStream(path);
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      yield { fields: { query: line.replace(/^\uFEFF/, '') } };
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new GeorError('data', `cannot read ${path}: ${cause.message}`, { cause });
  }
}

/** Geocodes rows one by one, up to `limit` of them, and counts. */
async function* geocodeAll(
  rows: AsyncIterable<InputRow>,
  column: string,
  geocode: Geocoder,
  limit: number,
  counts: { rows: number; misses: number },
): AsyncGenerator<ResolvedRow> {
  for await (const { fields, error } of rows) {
    if (counts.rows >= limit) return;
    counts.rows++;
    const query = error === undefined ? queryOf(fields, column) : null;
    const match = query === null ? null : geocode(query);
    if (!match) counts.misses++;
    if (process.stderr.isTTY && counts.rows % 10_000 === 0)
      process.stderr.write(`\r${counts.rows} rows`);
    const problem = error ?? (query === null ? 'nothing to look up' : undefined);
    yield {
      ...passedThrough(fields),
      ...result(textOf(query), match),
      ...(problem !== undefined && { error: problem }),
    };
  }
  if (process.stderr.isTTY && counts.rows >= 10_000) process.stderr.write('\r\u001b[K');
}

/** What a row asks: its query, else its names by level; null when it has neither. */
function queryOf(fields: InputRow['fields'], column: string): string | PlaceNames | null {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  };
  const query = text(column);
  if (query !== undefined) return query;
  const [city, region, country] = [text('city'), text('region'), text('country')];
  if (city === undefined && region === undefined && country === undefined) return null;
  return { ...(city && { city }), ...(region && { region }), ...(country && { country }) };
}

/** A query as one line of text; empty for none. */
const textOf = (query: string | PlaceNames | null): string =>
  typeof query === 'string'
    ? query
    : [query?.city, query?.region, query?.country].filter(Boolean).join(', ');

/** The columns of an input that no column of the result replaces. */
const passedThrough = (fields: InputRow['fields']): InputRow['fields'] => {
  const replaced: readonly string[] = MATCH_COLUMNS;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !replaced.includes(name)));
};

function result(query: string, match: GeocodeMatch | null): ResolvedRow {
  if (!match) return { query, level: null };
  const { lat, lon, level, name, countryCode, country, ...rest } = match;
  return { query, lat, lon, level, name, countryCode, country, ...rest };
}

/** One match: as a person reads it, or in the format of a table with one row. */
async function* oneMatch(
  query: string,
  match: GeocodeMatch | null,
  format: RowFormat,
): AsyncGenerator<string> {
  const row = result(query, match);
  if (format === 'json') yield `${JSON.stringify(row, null, 2)}\n`;
  else if (format === 'text') yield match ? describeLevels(match) : `no place found: ${query}\n`;
  else yield* formatRows(Readable.from([row]), format, MATCH_COLUMNS);
}

/** A match in lines, a level each. */
function describeLevels(match: GeocodeMatch): string {
  const { country, countryCode, region, city, name, level, lat, lon, isTypo, unused } = match;
  const line = (label: string, text: string): string => `${label.padEnd(11)}${text}\n`;
  return (
    line('Country', `${country}  ${countryCode}`) +
    (region ? line('Region', name === region || city ? region : `${name}, ${region}`) : '') +
    (city ? line('City', city) : '') +
    line('Location', `${lat}, ${lon}${level === 'city' ? '' : `  (of the ${level})`}`) +
    (isTypo ? line('Spelling', 'not as asked: one letter differs') : '') +
    (unused ? line('Not used', unused.join(', ')) : '')
  );
}

/** One row for a person: `Helsinki, Finland  60.1695, 24.9355  city: Helsinki, Uusimaa, Finland (FI)`. */
function describeMatch(row: ResolvedRow): string {
  const { query, error, level, lat, lon, city, region, name, country, countryCode } = row;
  const asked = query ? `${query}  ` : '';
  if (error !== undefined) return `${asked}error: ${error}`;
  if (level === null) return `${asked}no match`;
  const names = [...new Set([city ?? name, region, country].filter(Boolean))].join(', ');
  return `${asked}${lat}, ${lon}  ${level}: ${names} (${countryCode})`;
}
