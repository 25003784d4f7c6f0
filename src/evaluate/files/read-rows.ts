/**
 * Truth and predictions from CSV, TSV and JSONL files.
 *
 * A prediction that cannot be read is recorded with its line; its picture then counts as unanswered.
 * The truth is the ruler: a row of it that cannot be read is an error.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type { PredictionRow, TruthRow } from '../rows.ts';
import type { RowColumns } from './columns.ts';
import type { ReadProgress } from './lines.ts';
import { type RecordRequest, readRecords } from './records.ts';

/** A line that could not be used, and why. Lines count from 1. */
export interface LineFailure {
  readonly line: number;
  readonly reason: string;
}

/** Lines that could not be used: all are counted, the first ones kept. */
export class FailureLog {
  count = 0;
  readonly first: LineFailure[] = [];

  add(line: number, reason: string): void {
    this.count++;
    if (this.first.length < FailureLog.KEPT) this.first.push({ line, reason });
  }

  static readonly KEPT = 100;
}

/** How to read a file. */
export interface ReadOptions {
  readonly columns?: RowColumns;
  readonly onProgress?: ReadProgress | undefined;
}

/** How to read the truth. */
export interface ReadTruthOptions extends ReadOptions {
  /** Columns to keep as attributes where they are there, whatever their case. */
  readonly attributes?: readonly string[];
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Empty cells and nulls are absent; numbers may come as text. */
const numeric = (value: unknown): unknown => {
  if (typeof value !== 'string') return value ?? undefined;
  const text = value.trim();
  return text === '' ? undefined : number.test(text) ? Number(text) : text;
};
const optionalNumber = z.preprocess(numeric, z.number().optional());
const id = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().trim().min(1),
);
const predictionRow = z.object({
  id,
  lat: optionalNumber,
  lon: optionalNumber,
  completion: z.preprocess((value) => value ?? undefined, z.string().optional()),
  // a confidence that is no number costs no answer: it is out of range, and counted as ignored
  confidence: optionalNumber.catch(Number.POSITIVE_INFINITY),
});
const truthRow = z.object({
  id,
  lat: optionalNumber.pipe(z.number().min(-90).max(90)),
  lon: optionalNumber.pipe(z.number().min(-180).max(180)),
});

const explain = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');

const PREDICTION_COLUMNS: RecordRequest['needed'] = [
  ['id', 'lat', 'lon'],
  ['id', 'completion'],
];

/**
 * Reads predictions one at a time.
 *
 * @param failures - told every line that is no prediction
 * @throws GeorError `data` for a missing file or column, `usage` for another kind of file.
 */
export function* readPredictions(
  path: string,
  failures: FailureLog,
  { columns = {}, onProgress }: ReadOptions = {},
): Generator<PredictionRow> {
  const request = { columns, needed: PREDICTION_COLUMNS, allowsIdsOnly: true, onProgress };
  for (const record of readRecords(path, request)) {
    if ('reason' in record) failures.add(record.line, record.reason);
    else {
      const read = predictionRow.safeParse(record.values.fields);
      if (read.success) yield read.data;
      else failures.add(record.line, explain(read.error));
    }
  }
}

/**
 * Reads the truth one row at a time.
 *
 * @throws GeorError `data` for a missing file or column and, at the end, for rows that are no truth;
 * `usage` for another kind of file.
 */
export function* readTruth(
  path: string,
  { columns = {}, attributes = [], onProgress }: ReadTruthOptions = {},
): Generator<TruthRow> {
  const failures = new FailureLog();
  const names = attributes.map((name) => name.toLowerCase());
  const request = {
    columns,
    needed: [['id', 'lat', 'lon']],
    attributes: names,
    onProgress,
  } as const;
  for (const record of readRecords(path, request)) {
    if ('reason' in record) {
      failures.add(record.line, record.reason);
      continue;
    }
    const read = truthRow.safeParse(record.values.fields);
    if (!read.success) failures.add(record.line, explain(read.error));
    else if (names.length === 0) yield read.data;
    else {
      const own = Object.entries(record.values.attributes).filter(([, value]) => value != null);
      const texts = own.map(([name, value]) => [name, String(value).trim()] as const);
      yield { ...read.data, attributes: Object.fromEntries(texts) };
    }
  }
  const [first] = failures.first;
  if (first)
    throw new GeorError(
      'data',
      `${failures.count} truth rows of ${path} cannot be read, the first on line ${first.line}: ${first.reason}`,
      { hint: 'mend or remove these rows; results against a partial truth are not comparable' },
    );
}
