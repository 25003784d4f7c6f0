/**
 * `geor resolve`: coordinates to country, region and city.
 * @module
 */
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { GeorError } from '../core/index.ts';
import {
  type ColumnNames,
  defaultGazetteer,
  loadGazetteer,
  parseColumns,
  readPolicy,
} from '../data/index.ts';
import { type Place, reverseGeocode, withPolicy } from '../geo/index.ts';
import {
  coordinate,
  formatRows,
  type InputRow,
  noPlace,
  type Resolve,
  type ResolvedRow,
  type RowFormat,
  readRows,
  resolveRow,
} from './resolve-rows.ts';

interface Flags {
  readonly input?: string;
  readonly columns?: string;
  readonly json?: boolean;
  readonly format?: RowFormat;
  readonly sovereign?: boolean;
  readonly policy?: string;
  readonly gazetteer?: string;
  readonly limit?: string;
  readonly output?: string;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('resolve')
    .description('coordinates to country, region and city')
    .argument('[lat]', 'latitude in degrees, -90 to 90')
    .argument('[lon]', 'longitude in degrees, -180 to 180')
    .option('--input <file>', 'CSV, TSV or JSON lines with lat and lon; other columns pass through')
    .option('--columns <names>', 'columns of the input to read: lat=NAME,lon=NAME')
    .option('--json', 'one JSON document')
    .addOption(
      new Option('--format <format>', 'how to write the result')
        .choices(['text', 'json', 'jsonl', 'csv'])
        .conflicts('json'),
    )
    .option('--sovereign', 'name the country a territory belongs to: France for Réunion')
    .option('--policy <file>', 'disputed areas under another country: JSON, {"area": "XX" or null}')
    .option('--gazetteer <file>', 'resolve by this gazetteer instead of the built-in one')
    .option('--limit <n>', 'stop after this many rows')
    .option('-o, --output <file>', 'write to this file, whole or not at all')
    .addHelpText(
      'after',
      '\nEvery row of an input gives one row, in order. A point in the open sea has no country; a row\n' +
        'that cannot be read has an error, and the exit code is then 1.\n' +
        '\nExamples:\n' +
        '  geor resolve -33.9249 18.4241\n' +
        '  geor resolve --input photos.csv --format csv -o places.csv\n' +
        '  geor resolve --policy policy.json --input photos.csv --json',
    )
    .action(run);
}

async function run(lat: string | undefined, lon: string | undefined, flags: Flags): Promise<void> {
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if (
    (flags.input === undefined) === (lat === undefined) ||
    (lat === undefined) !== (lon === undefined)
  ) {
    throw new GeorError('usage', 'resolve takes either LAT LON or --input FILE', {
      hint: 'for example: geor resolve 60.1699 24.9384',
    });
  }
  if (flags.input === undefined) {
    const at = coordinate('latitude', lat, 90);
    const on = coordinate('longitude', lon, 180);
    const place = resolverOf(flags)(at, on) ?? noPlace(at, on);
    await write(onePlace(place, format), flags.output);
    return;
  }
  const resolve = resolverOf(flags);
  const columns = flags.columns === undefined ? {} : parseColumns(flags.columns);
  const counts: Counts = { rows: 0, errors: 0 };
  const rows = resolveAll(readRows(flags.input), columns, resolve, limitOf(flags.limit), counts);
  await write(formatRows(rows, format), flags.output);
  if (counts.errors > 0) {
    process.stderr.write(`${counts.errors} of ${counts.rows} rows could not be read\n`);
    process.exitCode = 1;
  }
}

/** Reverse geocoding by the gazetteer, the policy and the level that the flags choose. */
function resolverOf(flags: Flags): Resolve {
  const whole = flags.gazetteer === undefined ? defaultGazetteer() : loadGazetteer(flags.gazetteer);
  const gazetteer =
    flags.policy === undefined ? whole : withPolicy(whole, readPolicy(flags.policy));
  const level = flags.sovereign ? 'sovereign' : 'territory';
  return (lat, lon) => reverseGeocode(gazetteer, lat, lon, { level });
}

/** Rows written so far, and how many of them are errors. */
export interface Counts {
  rows: number;
  errors: number;
}

/** Resolves rows one by one, up to `limit` of them, and counts. */
export async function* resolveAll(
  rows: AsyncIterable<InputRow>,
  columns: ColumnNames,
  resolve: Resolve,
  limit: number,
  counts: Counts,
): AsyncGenerator<ResolvedRow> {
  for await (const row of rows) {
    if (counts.rows >= limit) return;
    const resolved = resolveRow(row, columns, resolve);
    counts.rows++;
    const { error } = resolved;
    if (error !== undefined) counts.errors++;
    if (process.stderr.isTTY && counts.rows % 10_000 === 0)
      process.stderr.write(`\r${counts.rows} rows`);
    yield resolved;
  }
  if (process.stderr.isTTY && counts.rows >= 10_000) process.stderr.write('\r\u001b[K');
}

/** The number of `--limit`; without the flag, no limit. */
export function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d*$/.test(text)) throw new GeorError('usage', '--limit is a whole number above 0');
  return Number(text);
}

/** One place: as a person reads it, or in the format of a table with one row. */
async function* onePlace(
  place: Place | ReturnType<typeof noPlace>,
  format: RowFormat,
): AsyncGenerator<string> {
  if (format === 'json') yield `${JSON.stringify(place, null, 2)}\n`;
  else if (format === 'text') yield describePlace(place);
  else yield* formatRows(Readable.from([place]), format);
}

/** A place in lines, a level each. */
export function describePlace(place: Place | ReturnType<typeof noPlace>): string {
  if (place.country === null) return 'no country: open sea or land that no country claims\n';
  const { country, countryCode, continent, region, regionCode, city, cityLat, cityLon } = place;
  const line = (level: string, name: string, note?: string | undefined): string =>
    `${level.padEnd(11)}${name}${note ? `  ${note}` : ''}\n`;
  return (
    line('Continent', continent) +
    line('Country', country, countryCode) +
    (region ? line('Region', region, regionCode) : '') +
    (city ? line('City', city, `${cityLat}, ${cityLon}`) : '')
  );
}

/** Writes to stdout, or to a file that appears only when it is complete. */
export async function write(
  pieces: AsyncIterable<string>,
  path: string | undefined,
): Promise<void> {
  if (path === undefined) {
    await pipeline(Readable.from(inBlocks(pieces)), process.stdout, { end: false });
    return;
  }
  const temporary = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    await pipeline(Readable.from(inBlocks(pieces)), createWriteStream(temporary, { flush: true }));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Joins small pieces, so that a million rows are not a million writes. */
async function* inBlocks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length > 65_536) {
      yield block;
      block = '';
    }
  }
  if (block) yield block;
}
