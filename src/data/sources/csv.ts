/**
 * Coordinates from CSV (or tab-separated values, for names ending in `.tsv`), read as a stream.
 *
 * RFC 4180 with a header row; semicolons or tabs between the fields are recognised by the header.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { PlaceNames } from '../../geo/index.ts';
import {
  type ColumnNames,
  type ColumnRole,
  findColumns,
  LABEL_ROLES,
  type LabelRole,
} from './columns.ts';
import { type CsvRecord, CsvRecords } from './csv-records.ts';
import { readLines, textFault } from './lines.ts';
import { batchesOf, rowFrom, type Source, type SourceItem } from './row.ts';

/**
 * Reads a CSV file.
 *
 * @throws GeorError `data` when it cannot be read, or has no header with a latitude and a longitude
 */
export async function* readCsv(path: string, columns: ColumnNames = {}): Source {
  let records: CsvRecords | undefined;
  let skipped = 0; // empty lines before the header
  let read: ((record: CsvRecord) => SourceItem) | undefined;
  const itemsOf = (found: readonly CsvRecord[]): SourceItem[] => {
    const items: SourceItem[] = [];
    for (const record of found) {
      if (read) items.push(read(record));
      else read = readerFor(path, record, columns);
    }
    return items;
  };
  for await (const lines of readLines(path)) {
    const found: CsvRecord[] = [];
    for (const line of lines) {
      records ??=
        line.trim() === '' ? undefined : new CsvRecords(delimiterOf(path, line), skipped + 1);
      if (records) records.push(line, found);
      else skipped++;
    }
    yield* batchesOf(itemsOf(found));
  }
  const found: CsvRecord[] = [];
  records?.end(found);
  yield* batchesOf(itemsOf(found));
  if (!read) throw new GeorError('data', `${path} has no header row`);
}

/** The header of a CSV file as it stands; undefined when the file is empty. */
export async function readCsvHeader(path: string): Promise<string | undefined> {
  let records: CsvRecords | undefined;
  const found: CsvRecord[] = [];
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      if (line.trim() !== '') records ??= new CsvRecords(delimiterOf(path, line));
      records?.push(line, found);
      if (found[0]) return found[0].raw;
    }
  }
  return undefined;
}

/** What stands between the fields: a tab in `.tsv`, else what the header has most of. */
function delimiterOf(path: string, header: string): string {
  if (path.toLowerCase().endsWith('.tsv')) return '\t';
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** How to read the records under a header. */
function readerFor(
  path: string,
  header: CsvRecord,
  columns: ColumnNames,
): (record: CsvRecord) => SourceItem {
  const names = header.fields ?? [];
  const fault = header.error ?? textFault(header.raw);
  if (fault !== undefined) throw new GeorError('data', `the header of ${path}: ${fault}`);
  if (header.raw.includes('\r')) {
    throw new GeorError('data', `the lines of ${path} end with carriage returns alone`, {
      hint: 'convert it to line feeds, e.g. with: tr "\\r" "\\n"',
    });
  }
  const found = findColumns(names, columns);
  if (found.lat === undefined || found.lon === undefined) {
    throw new GeorError('data', `${path} has no column for latitude and longitude`, {
      hint: `the columns are: ${names.join(', ')}; name them with --columns lat=NAME,lon=NAME`,
    });
  }
  const indexOf = (role: ColumnRole): number => {
    const name = found[role];
    return name === undefined ? -1 : names.indexOf(name);
  };
  const [lat, lon, id, photo] = [indexOf('lat'), indexOf('lon'), indexOf('id'), indexOf('photo')];
  const labelsOf = labelReader(found, (role) => indexOf(role));
  return (record) => {
    const { line, raw, fields = [] } = record;
    const position = { source: path, line };
    const wrongCount =
      fields.length === names.length
        ? undefined
        : `${fields.length} fields under a header of ${names.length}`;
    const reason = record.error ?? textFault(raw) ?? wrongCount;
    if (reason !== undefined) {
      return { kind: 'failure', ...position, code: 'unreadable', reason, raw };
    }
    return rowFrom(position, {
      lat: fields[lat],
      lon: fields[lon],
      id: fields[id],
      raw,
      photo: fields[photo],
      labels: labelsOf?.(fields),
    });
  };
}

/** How to read what a record says of the place; nothing when no column does. */
function labelReader(
  found: ColumnNames,
  indexOf: (role: LabelRole) => number,
): ((fields: readonly string[]) => PlaceNames) | undefined {
  const indexes = LABEL_ROLES.filter((role) => found[role] !== undefined).map(
    (role) => [role, indexOf(role)] as const,
  );
  if (indexes.length === 0) return undefined;
  return (fields) => {
    const labels: { -readonly [R in LabelRole]?: string } = {};
    for (const [role, index] of indexes) labels[role] = fields[index]?.trim() ?? '';
    return labels;
  };
}
