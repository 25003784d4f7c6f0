/**
 * Truth and predictions from CSV, TSV and JSONL files.
 *
 * A prediction that cannot be read is recorded with its line; its picture then counts as unanswered.
 * The truth is the ruler: a row of it that cannot be read is an error.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { matchColumns, type RowColumns, type RowField } from './columns.ts';
import type { PredictionRow, TruthRow } from './rows.ts';

/** A line that could not be used, and why. Lines count from 1. */
export interface LineFailure {
  readonly line: number;
  readonly reason: string;
}

/** Predictions of a file, and its lines that are none. */
export interface PredictionFile {
  readonly rows: readonly PredictionRow[];
  readonly failures: readonly LineFailure[];
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Empty cells and nulls are absent; numbers may come as text. */
const degrees = z.preprocess((value) => {
  if (typeof value !== 'string') return value ?? undefined;
  const text = value.trim();
  return text === '' ? undefined : number.test(text) ? Number(text) : text;
}, z.number().optional());
const id = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().trim().min(1),
);
const predictionRow = z.object({
  id,
  lat: degrees,
  lon: degrees,
  completion: z.preprocess((value) => value ?? undefined, z.string().optional()),
});
const truthRow = z.object({
  id,
  lat: degrees.pipe(z.number().min(-90).max(90)),
  lon: degrees.pipe(z.number().min(-180).max(180)),
});

interface RawLine {
  readonly line: number;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** A record as csv-parse gives it with `columns` and `info`. */
interface CsvRecord {
  readonly record: Readonly<Record<string, unknown>>;
  readonly info: { readonly lines: number };
}

function csvLines(path: string, text: string): RawLine[] {
  try {
    const options = { bom: true, columns: true, info: true, relax_column_count: true } as const;
    const delimiter = /\.tsv$/i.test(path) ? '\t' : ',';
    const records = parse(text, { ...options, delimiter, skip_empty_lines: true }) as unknown;
    return (records as CsvRecord[]).map(({ record, info }) => ({
      line: info.lines,
      value: record,
    }));
  } catch (cause) {
    throw new GeorError('data', `${path} is not readable as CSV: ${(cause as CsvError).message}`, {
      hint: 'check the quotes on the line named, or give JSONL',
      cause,
    });
  }
}

function jsonLine(text: string, line: number): RawLine {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject
      ? { line, value: value as Record<string, unknown> }
      : { line, reason: 'not a JSON object' };
  } catch (error) {
    return { line, reason: `not JSON: ${(error as Error).message}` };
  }
}

/** The records of a file; a file without any is an empty list. */
function readLines(path: string): RawLine[] {
  const kind = /\.(csv|tsv|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind)
    throw new GeorError('usage', `cannot tell what ${path} is`, {
      hint: 'give a .csv, .tsv, .jsonl or .ndjson file',
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GeorError('data', `cannot read ${path}: ${(cause as Error).message}`, {
      hint: 'check the path',
      cause,
    });
  }
  if (kind === 'csv' || kind === 'tsv') return csvLines(path, text);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines.flatMap((content, i) => (content.trim() ? jsonLine(content, i + 1) : []));
}

/** The fields of a record under the names that evaluation knows. */
function pick(value: Readonly<Record<string, unknown>>, chosen: RowColumns): unknown {
  const columns = Object.entries(matchColumns(Object.keys(value), chosen));
  return Object.fromEntries(columns.map(([field, column]) => [field, value[column]]));
}

/**
 * A missing column is said once for the file, not once per line.
 *
 * @param needed - groups of fields; of each group all fields must be there, of one group at least
 */
function checkColumns(
  path: string,
  lines: readonly RawLine[],
  chosen: RowColumns,
  needed: readonly (readonly RowField[])[],
): void {
  const present = [...new Set(lines.flatMap((line) => Object.keys(line.value ?? {})))];
  const found = matchColumns(present, chosen);
  const missing = (fields: readonly RowField[]) =>
    fields.filter((field) => found[field] === undefined);
  const named = missing(Object.keys(chosen) as RowField[]).map((field) => chosen[field]!);
  const absent = needed.map(missing);
  const isComplete = absent.some((fields) => fields.length === 0);
  if (present.length === 0 || (named.length === 0 && isComplete)) return;
  const lacking = named.length > 0 ? named : absent[0]!;
  throw new GeorError('data', `${path} has no column ${lacking.join(', ')}`, {
    hint: `name columns with id=NAME,lat=NAME,lon=NAME; there are: ${present.join(', ')}`,
  });
}

const explain = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');

function parseAll<T>(
  lines: readonly RawLine[],
  schema: z.ZodType<T>,
  columns: RowColumns,
): { rows: T[]; failures: LineFailure[] } {
  const rows: T[] = [];
  const failures: LineFailure[] = [];
  for (const { line, value, reason } of lines) {
    const read = value && schema.safeParse(pick(value, columns));
    if (read?.success) rows.push(read.data);
    else failures.push({ line, reason: read ? explain(read.error) : (reason ?? 'unreadable') });
  }
  return { rows, failures };
}

/**
 * Reads predictions.
 *
 * @throws GeorError `data` for a missing file or column, `usage` for another kind of file.
 */
export function readPredictions(path: string, columns: RowColumns = {}): PredictionFile {
  const lines = readLines(path);
  // Rows of an id alone are refusals; other columns with no answer among them are a mistake.
  const isRefusals = lines.every(({ value }) => Object.keys(value ?? {}).length <= 1);
  checkColumns(path, lines, columns, [
    ['id', 'lat', 'lon'],
    ['id', 'completion'],
    ...(isRefusals ? [['id'] as const] : []),
  ]);
  const { rows, failures } = parseAll(lines, predictionRow, columns);
  const present = <T extends object>(row: T): T =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as T;
  return { rows: rows.map((row) => present(row) as PredictionRow), failures };
}

/**
 * Reads the truth.
 *
 * @throws GeorError `data` for a missing file or column and for any row that is no truth, `usage` for
 * another kind of file.
 */
export function readTruth(path: string, columns: RowColumns = {}): TruthRow[] {
  const lines = readLines(path);
  checkColumns(path, lines, columns, [['id', 'lat', 'lon']]);
  const { rows, failures } = parseAll(lines, truthRow, columns);
  const [first] = failures;
  if (first)
    throw new GeorError(
      'data',
      `${failures.length} truth rows of ${path} cannot be read, the first on line ${first.line}: ${first.reason}`,
      { hint: 'mend or remove these rows; results against a partial truth are not comparable' },
    );
  return rows;
}
