/**
 * Coordinates from JSON lines: one object a line, with a latitude and a longitude.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { type ColumnNames, findColumns } from './columns.ts';
import { readLines } from './lines.ts';
import { type Position, type RowFailure, rowFrom, type Source, type SourceRow } from './row.ts';

/** Reads a JSONL file; empty lines are skipped, every other line is a row or a failure. */
export async function* readJsonl(path: string, columns: ColumnNames = {}): Source {
  let line = 0;
  for await (const text of readLines(path)) {
    line++;
    if (text.trim()) yield rowFromJson({ source: path, line }, text, columns);
  }
}

function rowFromJson(
  position: Position,
  text: string,
  columns: ColumnNames,
): SourceRow | RowFailure {
  const fail = (reason: string): RowFailure => ({ kind: 'failure', ...position, reason });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('not a JSON object');
  }
  const fields = new Map(Object.entries(value));
  try {
    // Objects differ from line to line, so a missing name fails its line, not the file.
    const names = findColumns([...fields.keys()], columns);
    const of = (name: string | undefined) => (name === undefined ? undefined : fields.get(name));
    return rowFrom(position, of(names.lat), of(names.lon), of(names.id), text);
  } catch (error) {
    if (error instanceof GeorError) return fail(error.message);
    throw error;
  }
}
