/**
 * Opens an input by what it is called.
 * @module
 */
import { statSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import type { ColumnNames } from './columns.ts';
import { readCsv } from './csv.ts';
import { readJsonl } from './jsonl.ts';
import { readParquet } from './parquet.ts';
import { readPhotoFolder } from './photo-folder.ts';
import type { Source } from './row.ts';

const readers: Readonly<Record<string, (path: string, columns: ColumnNames) => Source>> = {
  csv: readCsv,
  tsv: readCsv,
  jsonl: readJsonl,
  ndjson: readJsonl,
  parquet: readParquet,
};

/**
 * A CSV, TSV, JSONL or Parquet file as rows, or a folder of photographs.
 *
 * @throws GeorError `data` when there is nothing of that name, `usage` when its kind is unknown
 */
export function openFile(path: string, columns: ColumnNames = {}): Source {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return readPhotoFolder(path);
  const read = readers[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (!read) {
    throw new GeorError('usage', `cannot tell what ${path} is`, {
      hint: 'inputs are .csv, .tsv, .jsonl, .ndjson or .parquet files, folders of photographs, and earth:',
    });
  }
  if (!found) throw new GeorError('data', `${path} does not exist`);
  return read(path, columns);
}
