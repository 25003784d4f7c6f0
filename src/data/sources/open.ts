/**
 * Opens an input by what it is called.
 * @module
 */
import { existsSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import type { ColumnNames } from './columns.ts';
import { readCsv } from './csv.ts';
import { readJsonl } from './jsonl.ts';
import type { Source } from './row.ts';

/**
 * A CSV, TSV or JSONL file as rows.
 *
 * @throws GeorError `data` when the file is missing, `usage` when its kind is unknown
 */
export function openFile(path: string, columns: ColumnNames = {}): Source {
  const kind = /\.(csv|tsv|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind) {
    throw new GeorError('usage', `cannot tell what ${path} is`, {
      hint: 'inputs are .csv, .tsv, .jsonl or .ndjson files and earth:',
    });
  }
  if (!existsSync(path)) throw new GeorError('data', `${path} does not exist`);
  return kind === 'csv' || kind === 'tsv' ? readCsv(path, columns) : readJsonl(path, columns);
}
