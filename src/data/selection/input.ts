/**
 * A file to select rows from: how to read it twice, and how its rows are written again.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { GeorError } from '../../core/index.ts';
import type { ColumnNames } from '../sources/columns.ts';
import { readCsvHeader } from '../sources/csv.ts';
import { openFile } from '../sources/open.ts';
import type { Source } from '../sources/row.ts';

/** A file of rows that can be read twice. */
export interface SelectionInput {
  readonly path: string;
  readonly open: () => Source;
  /** What to write before the rows: the header of a CSV file, as it stands. */
  readonly header?: string | undefined;
}

const TABLES = ['.csv', '.tsv'];
const JSON_LINES = ['.jsonl', '.ndjson'];

/** The ends of a name that rows of an input can be written to. */
function outputEnds(input: string): readonly string[] {
  const end = extname(input).toLowerCase();
  return TABLES.includes(end) ? [end] : JSON_LINES;
}

/**
 * Opens a file for selection. Rows of CSV are written as CSV, all others as JSON lines.
 *
 * @throws GeorError `usage` for stdin, a kind of file that cannot be read, or an output whose name
 * promises another format; `data` when the file is missing or has no columns for a coordinate
 */
export async function selectionInput(
  path: string,
  output: string,
  columns: ColumnNames = {},
): Promise<SelectionInput> {
  if (path === '-')
    throw new GeorError('usage', 'a selection reads its input twice, which stdin cannot give', {
      hint: 'save the rows to a file first',
    });
  if (existsSync(path) && statSync(path).isDirectory())
    throw new GeorError('usage', `${path} is a folder`, {
      hint: 'select from a file of rows, one line per photo',
    });
  const open = () => openFile(path, columns);
  open(); // a missing or unknown file is said before anything else
  const ends = outputEnds(path);
  if (!ends.includes(extname(output).toLowerCase()))
    throw new GeorError('usage', `rows of ${path} cannot be written to ${output}`, {
      hint: `rows are written as they stand: name the file *${ends.join(' or *')}`,
    });
  if (!TABLES.includes(ends[0]!)) return { path, open };
  return { path, open, header: await readCsvHeader(path) };
}
