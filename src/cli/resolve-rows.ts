/**
 * Tables in, tables out, for `geor resolve --input`: every row of the input gives one row of output,
 * in the same order, with its other columns as they were.
 * @module
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CsvError, parse } from 'csv-parse';
import { GeorError } from '../core/index.ts';
import { type ColumnNames, findColumns } from '../data/index.ts';
import type { Place } from '../geo/index.ts';

/** The columns of a result, in order; `country` is null where there is no country. */
export const PLACE_COLUMNS = [
  'lat',
  'lon',
  'continent',
  'country',
  'countryCode',
  'region',
  'regionCode',
  'city',
  'cityLat',
  'cityLon',
] as const satisfies readonly (keyof Place)[];

/** A row of an input: its columns, or what is wrong with it (then with whatever could be read). */
export interface InputRow {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/** A row of output: the columns of the input, then those of the place, or `error`. */
export type ResolvedRow = Readonly<Record<string, unknown>>;

/** Finds the place at a coordinate, degrees. */
export type Resolve = (lat: number, lon: number) => Place | null;

/** The row for one point in the open sea. */
export const noPlace = (lat: number, lon: number) =>
  ({ lat, lon, continent: null, country: null, countryCode: null }) as const;

/**
 * Reads CSV (`.csv`, `.tsv`) or JSON lines (`.jsonl`, `.ndjson`) as a stream.
 *
 * @throws GeorError `usage` when the file's kind is unknown, `data` when it cannot be read
 */
export async function* readRows(path: string): AsyncGenerator<InputRow> {
  const kind = /\.(csv|tsv|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind) {
    throw new GeorError('usage', `cannot tell what ${path} is`, {
      hint: 'inputs are .csv, .tsv, .jsonl and .ndjson files',
    });
  }
  try {
    if (kind === 'jsonl' || kind === 'ndjson') yield* readJsonLines(path);
    else yield* readCsv(path, kind === 'tsv' ? '\t' : ',');
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new GeorError('data', `cannot read ${path}: ${cause.message}`, { cause });
  }
}

async function* readJsonLines(path: string): AsyncGenerator<InputRow> {
  const input = createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    try {
      const fields: unknown = JSON.parse(line.replace(/^\uFEFF/, ''));
      if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
        yield { fields: fields as Record<string, unknown> };
      else yield { fields: {}, error: 'not a JSON object' };
    } catch (error) {
      yield { fields: {}, error: `not JSON: ${(error as Error).message}` };
    }
  }
}

async function* readCsv(path: string, delimiter: string): AsyncGenerator<InputRow> {
  let header: string[] | undefined;
  const broken: InputRow[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: 1 << 20, // one stray quote must not fill the memory
    on_skip: (error: CsvError | undefined): undefined => {
      const fields = Object.fromEntries((header ?? []).map((name) => [name, '']));
      broken.push({ fields, error: error?.message ?? 'unreadable' });
    },
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  const input = createReadStream(path);
  input.on('error', (cause) => parser.destroy(cause));
  input.pipe(parser);
  for await (const record of parser as AsyncIterable<string[]>) {
    yield* broken.splice(0);
    if (!header) {
      header = record;
      continue;
    }
    const fields = Object.fromEntries(header.map((name, i) => [name, record[i] ?? '']));
    const isWhole = record.length === header.length;
    const error = `${record.length} fields under a header of ${header.length}`;
    yield isWhole ? { fields } : { fields, error };
  }
  yield* broken;
  if (!header) throw new GeorError('data', `${path} has no header row`);
}

/**
 * Resolves one row. Columns of the input that are called like a column of the result are replaced.
 *
 * @param columns - where the coordinate is, when not in `lat` and `lon`
 */
export function resolveRow(row: InputRow, columns: ColumnNames, resolve: Resolve): ResolvedRow {
  const { fields } = row;
  if (row.error !== undefined) return { ...fields, error: row.error };
  try {
    const names = findColumns(Object.keys(fields), columns);
    const lat = coordinate('latitude', names.lat === undefined ? '' : fields[names.lat], 90);
    const lon = coordinate('longitude', names.lon === undefined ? '' : fields[names.lon], 180);
    return { ...fields, ...(resolve(lat, lon) ?? noPlace(lat, lon)) };
  } catch (error) {
    if (error instanceof GeorError) return { ...fields, error: error.message };
    throw error;
  }
}

/**
 * A coordinate from a number or its text.
 *
 * @throws GeorError `usage` when it is neither, or beyond `limit` degrees
 */
export function coordinate(what: string, value: unknown, limit: number): number {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) {
    const shown = value === undefined || value === '' ? 'missing' : JSON.stringify(value);
    throw new GeorError(
      'usage',
      `${what} is ${shown}${shown === 'missing' ? '' : ', not a number'}`,
    );
  }
  const degrees = Number(text);
  if (Math.abs(degrees) > limit)
    throw new GeorError('usage', `${what} ${degrees} is not in [-${limit}, ${limit}]`);
  return degrees;
}

/** Rows as lines of text. */
export type RowFormat = 'text' | 'json' | 'jsonl' | 'csv';

/**
 * Turns rows into the pieces of an output, one piece a row, with what a format needs around them.
 *
 * @param columns - what a result has, for the header of CSV
 * @param describe - a row as text
 */
export async function* formatRows(
  rows: AsyncIterable<ResolvedRow>,
  format: RowFormat,
  columns: readonly string[] = PLACE_COLUMNS,
  describe: (row: ResolvedRow) => string = describeRow,
): AsyncGenerator<string> {
  let header: string[] | undefined;
  let isFirst = true;
  if (format === 'json') yield '[';
  for await (const row of rows) {
    if (format === 'text') yield `${describe(row)}\n`;
    else if (format === 'jsonl') yield `${JSON.stringify(row)}\n`;
    else if (format === 'json') yield `${isFirst ? '' : ','}\n${JSON.stringify(row)}`;
    else {
      if (!header) {
        header = [...new Set([...Object.keys(row), ...columns, 'error'])];
        yield csvLine(header);
      }
      const known = header;
      const extra = Object.keys(row).find((name) => !known.includes(name));
      if (extra !== undefined) {
        throw new GeorError('data', `a row has a column ${extra} that the first one lacks`, {
          hint: 'write --format jsonl, which takes rows of any shape',
        });
      }
      yield csvLine(known.map((name) => row[name]));
    }
    isFirst = false;
  }
  if (format === 'json') yield isFirst ? ']\n' : '\n]\n';
}

const csvLine = (values: readonly unknown[]): string =>
  `${values
    .map((value) => {
      if (value === undefined || value === null) return '';
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',')}\n`;

/** One row for a person: `60.1699, 24.9384  Helsinki, Uusimaa, Finland (FI)`. */
export function describeRow(row: ResolvedRow): string {
  const { error, lat, lon, city, region, country, countryCode } = row;
  if (error !== undefined) return `error: ${error}`;
  const names = [city, region, country].filter(Boolean).join(', ');
  return `${lat}, ${lon}  ${names ? `${names} (${countryCode})` : 'no country'}`;
}
