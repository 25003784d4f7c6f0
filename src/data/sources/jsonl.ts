/**
 * Coordinates from JSON lines: one object a line, with a latitude and a longitude.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { type ColumnNames, findColumns } from './columns.ts';
import { readLines } from './lines.ts';
import { type Position, type RowFailure, rowFrom, type Source, type SourceItem } from './row.ts';

/** Reads a JSONL file; empty lines are skipped, every other line is a row or a failure. */
export async function* readJsonl(path: string, columns: ColumnNames = {}): Source {
  let line = 0;
  for await (const texts of readLines(path)) {
    const items: SourceItem[] = [];
    for (const text of texts) {
      line++;
      if (text.trim()) items.push(rowFromJson({ source: path, line }, text, columns));
    }
    if (items.length > 0) yield items;
  }
}

function rowFromJson(position: Position, text: string, columns: ColumnNames): SourceItem {
  const fail = (reason: string): RowFailure => {
    const raw = text.slice(0, 1000);
    return { kind: 'failure', ...position, code: 'unreadable', reason, raw };
  };
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
    return rowFrom(position, {
      lat: of(names.lat),
      lon: of(names.lon),
      id: of(names.id),
      raw: text,
    });
  } catch (error) {
    if (error instanceof GeorError) return fail(error.message);
    throw error;
  }
}
