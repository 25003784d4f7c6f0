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
import { type RowFailure, rowFrom, type Source, type SourceRow } from './row.ts';

/** Longer records are refused, so that one stray quote cannot fill the memory. */
const MAX_RECORD_CHARACTERS = 1 << 20;

/** A record with the line it begins on. */
interface Parsed {
  readonly fields: readonly string[];
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
    on_record: (fields: string[], { lines }): string[] => {
      lastLine = lines;
      return [String(lines), ...fields];
    },
    on_skip: (error: CsvError | undefined): undefined => {
      const line = lastLine + 1;
      const { message = 'unreadable', lines = line } = (error ?? {}) as Partial<
        Pick<CsvError, 'message' | 'lines'>
      >;
      const reason = `${message} (lost: lines ${line} to ${lines})`;
      // One broken record can be complained about several times; the last complaint reaches furthest.
      if (failures.at(-1)?.line === line) failures.pop();
      failures.push({ kind: 'failure', source: path, line, reason });
    },
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  const input = createReadStream(path);
  input.on('error', (cause) => parser.destroy(cause));
  input.pipe(parser);
  try {
    let read: ((parsed: Parsed) => SourceRow | RowFailure) | undefined;
    for await (const [lastLineOfRecord, ...fields] of parser as AsyncIterable<string[]>) {
      if (!read) {
        read = readerFor(path, fields, columns);
        continue;
      }
      const line = Number(lastLineOfRecord) - lineBreaks(fields);
      while (failures[0] && failures[0].line < line) yield failures.shift()!;
      yield read({ fields, line });
    }
    if (!read) throw new GeorError('data', `${path} has no header row`);
    yield* failures;
  } finally {
    input.destroy();
  }
}

const lineBreaks = (fields: readonly string[]): number =>
  fields.reduce((total, field) => total + field.split('\n').length - 1, 0);

/** How to read the records under a header. */
function readerFor(
  path: string,
  header: readonly string[],
  columns: ColumnNames,
): (parsed: Parsed) => SourceRow | RowFailure {
  const names = findColumns(header, columns);
  if (names.lat === undefined || names.lon === undefined) {
    throw new GeorError('data', `${path} has no column for latitude and longitude`, {
      hint: `the columns are: ${header.join(', ')}; name them with --columns lat=NAME,lon=NAME`,
    });
  }
  const lat = header.indexOf(names.lat);
  const lon = header.indexOf(names.lon);
  const id = names.id === undefined ? -1 : header.indexOf(names.id);
  return ({ fields, line }) => {
    const position = { source: path, line };
    if (fields.length !== header.length) {
      const reason = `${fields.length} fields under a header of ${header.length}`;
      return { kind: 'failure', ...position, reason };
    }
    return rowFrom(position, fields[lat], fields[lon], fields[id], fields.join('\u001f'));
  };
}
