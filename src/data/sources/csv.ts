/**
 * Coordinates from CSV (or tab-separated values, for names ending in `.tsv`), read as a stream.
 *
 * RFC 4180 with a header row. A quote that is never closed swallows what follows it, in every CSV
 * reader; the failure recorded for it says which lines were lost.
 * @module
 */
import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import { GeorError } from '../../core/index.ts';
import { type ColumnNames, findColumns } from './columns.ts';
import { type RowFailure, rowFrom, type Source, type SourceItem } from './row.ts';

/** Longer records are refused, so that one stray quote cannot fill the memory. */
const MAX_RECORD_CHARACTERS = 1 << 20;

/** What csv-parse gives with `raw` and `info`. */
interface Wrapped {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

const BATCH_ROWS = 1024;

/** A record with the line it begins on. */
interface Parsed {
  readonly fields: readonly string[];
  readonly raw: string;
  readonly line: number;
}

/**
 * Reads a CSV file.
 *
 * @throws GeorError `data` when there is no header with a latitude and a longitude
 */
export async function* readCsv(path: string, columns: ColumnNames = {}): Source {
  const failures: RowFailure[] = [];
  let lastLine = 0; // of the last record parsed, which may be ahead of the last one given
  const parser = parse({
    bom: true,
    delimiter: path.toLowerCase().endsWith('.tsv') ? '\t' : ',',
    max_record_size: MAX_RECORD_CHARACTERS,
    raw: true,
    info: true,
    on_record: (record: string[], { lines }): string[] => {
      lastLine = lines;
      return record;
    },
    on_skip: (error: CsvError | undefined): undefined => {
      const line = lastLine + 1;
      const { message = 'unreadable', lines = line } = (error ?? {}) as Partial<
        Pick<CsvError, 'message' | 'lines'>
      >;
      const reason = `${message} (lost: lines ${line} to ${lines})`;
      // One broken record can be complained about several times; the last complaint reaches furthest.
      if (failures.at(-1)?.line === line) failures.pop();
      failures.push({ kind: 'failure', source: path, line, code: 'unreadable', reason });
    },
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  const input = createReadStream(path);
  input.on('error', (cause) => parser.destroy(cause));
  input.pipe(parser);
  try {
    let read: ((parsed: Parsed) => SourceItem) | undefined;
    let batch: SourceItem[] = [];
    for await (const { record, raw: text, info } of parser as AsyncIterable<Wrapped>) {
      const raw = text.replace(/^(\r?\n)+|\r?\n$/g, '');
      const parsed = { fields: record, raw, line: info.lines - lineBreaks(raw) };
      if (!read) {
        read = readerFor(path, parsed.fields, columns);
        continue;
      }
      while (failures[0] && failures[0].line < parsed.line) batch.push(failures.shift()!);
      batch.push(read(parsed));
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
    if (!read) throw new GeorError('data', `${path} has no header row`);
    if (batch.length + failures.length > 0) yield [...batch, ...failures];
  } finally {
    input.destroy();
  }
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;

/** How to read the records under a header. */
function readerFor(
  path: string,
  header: readonly string[],
  columns: ColumnNames,
): (parsed: Parsed) => SourceItem {
  const names = findColumns(header, columns);
  if (names.lat === undefined || names.lon === undefined) {
    throw new GeorError('data', `${path} has no column for latitude and longitude`, {
      hint: `the columns are: ${header.join(', ')}; name them with --columns lat=NAME,lon=NAME`,
    });
  }
  const lat = header.indexOf(names.lat);
  const lon = header.indexOf(names.lon);
  const id = names.id === undefined ? -1 : header.indexOf(names.id);
  return ({ fields, raw, line }) => {
    const position = { source: path, line };
    if (fields.length !== header.length) {
      const reason = `${fields.length} fields under a header of ${header.length}`;
      return { kind: 'failure', ...position, code: 'unreadable', reason, raw };
    }
    return rowFrom(position, { lat: fields[lat], lon: fields[lon], id: fields[id], raw });
  };
}
