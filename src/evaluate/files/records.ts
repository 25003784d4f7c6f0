/**
 * Records of CSV, TSV and JSONL files, one at a time, with the columns that are wanted of them.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { type CsvRecord, CsvRecords } from '../../data/index.ts';
import { cut } from '../text/columns.ts';
import { findColumn, matchColumns, ROW_FIELDS, type RowColumns, type RowField } from './columns.ts';
import { type ReadProgress, readLines } from './lines.ts';

/** A record, or why there is none. Lines count from 1. */
export type FileRecord =
  | { readonly line: number; readonly values: RecordValues }
  | { readonly line: number; readonly reason: string };

/** What was wanted of a record and is there. */
export interface RecordValues {
  readonly fields: Readonly<Partial<Record<RowField, unknown>>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What is wanted of a file. */
export interface RecordRequest {
  readonly columns: RowColumns;
  /** Of each group all fields must have a column, of one group at least. */
  readonly needed: readonly (readonly RowField[])[];
  /** Rows of an id and nothing else are refusals, not a mistake. */
  readonly allowsIdsOnly?: boolean;
  /** Further columns, read where they are there; names in lower case. */
  readonly attributes?: readonly string[];
  readonly onProgress?: ReadProgress | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A missing column is said once for the file, not once per line. */
function checkColumns(path: string, present: readonly string[], request: RecordRequest): void {
  const { columns, needed } = request;
  const found = matchColumns(present, columns);
  const missing = (fields: readonly RowField[]) =>
    fields.filter((field) => found[field] === undefined);
  const named = missing(ROW_FIELDS.filter((field) => columns[field] !== undefined)).map(
    (field) => columns[field]!,
  );
  const absent = needed.map(missing);
  const isComplete = absent.some((fields) => fields.length === 0);
  const isIdsOnly = request.allowsIdsOnly && present.length === 1 && found.id !== undefined;
  if (named.length === 0 && (isComplete || isIdsOnly)) return;
  const lacking = named.length > 0 ? named : absent[0]!;
  throw new GeorError('data', `${path} has no column ${lacking.join(', ')}`, {
    hint: `name columns with id=NAME,lat=NAME,lon=NAME; there are: ${cut(present.join(', '), 200)}`,
  });
}

/** Records of a CSV file; one that cannot be read costs its first line. */
function* csvRecords(
  path: string,
  delimiter: string,
  onProgress: ReadProgress | undefined,
): Generator<CsvRecord> {
  const records = new CsvRecords(delimiter);
  const out: CsvRecord[] = [];
  for (const line of readLines(path, onProgress)) {
    records.push(line, out);
    if (out.length === 0) continue;
    yield* out;
    out.length = 0;
  }
  records.end(out);
  yield* out;
}

function* csvFileRecords(
  path: string,
  delimiter: string,
  request: RecordRequest,
): Generator<FileRecord> {
  let pick: ((cells: readonly string[]) => RecordValues) | undefined;
  for (const { line, fields, error } of csvRecords(path, delimiter, request.onProgress)) {
    if (!fields) yield { line, reason: error ?? 'unreadable' };
    else if (pick) yield { line, values: pick(fields) };
    else {
      checkColumns(path, fields, request);
      pick = cellPicker(fields, request);
    }
  }
}

function cellPicker(header: readonly string[], request: RecordRequest) {
  const fields = Object.entries(matchColumns(header, request.columns)).map(
    ([field, column]) => [field, header.indexOf(column)] as const,
  );
  const attributes = (request.attributes ?? []).flatMap((name) => {
    const column = findColumn(header, name);
    return column === undefined ? [] : [[column, header.indexOf(column)] as const];
  });
  const take = (cells: readonly string[], indices: readonly (readonly [string, number])[]) => {
    const values: Record<string, unknown> = {};
    for (const [name, index] of indices) values[name] = cells[index];
    return values;
  };
  return (cells: readonly string[]): RecordValues => ({
    fields: take(cells, fields),
    attributes: take(cells, attributes),
  });
}

/** A value by its key, or by the path that its dots spell. */
function valueAt(record: JsonObject, column: string): unknown {
  if (Object.hasOwn(record, column)) return record[column];
  let value: unknown = record;
  for (const key of column.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function jsonObject(text: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : 'not a JSON object';
  } catch (error) {
    // the message quotes the line, which may hold anything
    return cut(`not JSON: ${error instanceof Error ? error.message : String(error)}`, 160);
  }
}

function* jsonFileRecords(path: string, request: RecordRequest): Generator<FileRecord> {
  const { columns, attributes = [] } = request;
  const present = new Set<string>();
  const known = new Map<string, RowColumns>();
  let line = 0;
  for (const text of readLines(path, request.onProgress)) {
    line++;
    if (text.trim() === '') continue;
    const record = jsonObject(text);
    if (typeof record === 'string') {
      yield { line, reason: record };
      continue;
    }
    const keys = Object.keys(record);
    const shape = keys.join('\n');
    let found = known.get(shape);
    if (!found) {
      for (const key of keys) present.add(key);
      found = matchColumns(keys, columns);
      if (known.size < 1000) known.set(shape, found);
    }
    const fields: Partial<Record<RowField, unknown>> = {};
    for (const field of ROW_FIELDS) {
      const column = found[field];
      if (column !== undefined) fields[field] = valueAt(record, column);
    }
    const own: Record<string, unknown> = {};
    for (const name of attributes) {
      const column = findColumn(keys, name) ?? name;
      const value = valueAt(record, column);
      if (value !== undefined) own[column] = value;
    }
    yield { line, values: { fields, attributes: own } };
  }
  if (present.size > 0) checkColumns(path, [...present], request);
}

/**
 * The records of a file by the end of its name.
 *
 * A CSV file is asked for its columns before its first record, JSONL after its last.
 *
 * @throws GeorError `data` for a file that cannot be read or lacks a column, `usage` for another kind.
 */
export function readRecords(path: string, request: RecordRequest): Generator<FileRecord> {
  const kind = /\.(csv|tsv|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === undefined)
    throw new GeorError('usage', `cannot tell what ${path} is`, {
      hint: 'give a .csv, .tsv, .jsonl or .ndjson file',
    });
  if (kind === 'csv' || kind === 'tsv')
    return csvFileRecords(path, kind === 'tsv' ? '\t' : ',', request);
  return jsonFileRecords(path, request);
}
