/**
 * Coordinates from JSON lines: one object a line, with a latitude and a longitude.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { PlaceNames } from '../../geo/index.ts';
import { type ColumnNames, type ColumnRole, findColumns, LABEL_ROLES } from './columns.ts';
import { readLines, textFault } from './lines.ts';
import {
  batchesOf,
  type Position,
  type RowFailure,
  rowFrom,
  type Source,
  type SourceItem,
} from './row.ts';

/** Reads a JSONL file; empty lines are skipped, every other line is a row or a failure. */
export async function* readJsonl(path: string, columns: ColumnNames = {}): Source {
  const columnsOf = columnFinder(columns);
  let line = 0;
  for await (const texts of readLines(path)) {
    const items: SourceItem[] = [];
    for (const text of texts) {
      line++;
      if (text.trim()) items.push(rowFromJson({ source: path, line }, text.trim(), columnsOf));
    }
    yield* batchesOf(items);
  }
}

function rowFromJson(
  position: Position,
  text: string,
  columnsOf: (keys: readonly string[]) => ColumnNames,
): SourceItem {
  const fail = (reason: string): RowFailure => ({
    kind: 'failure',
    ...position,
    code: 'unreadable',
    reason,
    raw: text,
  });
  const fault = textFault(text);
  if (fault !== undefined) return fail(fault);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('not a JSON object');
  }
  const entries = Object.entries(value);
  try {
    const names = columnsOf(entries.map(([key]) => key));
    const fields = new Map<string, unknown>(entries);
    const of = (role: ColumnRole): unknown => {
      const name = names[role];
      return name === undefined ? undefined : fields.get(name);
    };
    const textOf = (role: ColumnRole): string => {
      const found = of(role);
      return typeof found === 'string' ? found.trim() : '';
    };
    const levels = LABEL_ROLES.filter((role) => names[role] !== undefined);
    const labels: PlaceNames = Object.fromEntries(levels.map((role) => [role, textOf(role)]));
    return rowFrom(position, {
      lat: of('lat'),
      lon: of('lon'),
      id: of('id'),
      raw: text,
      photo: photoOf(of('photo')),
      entities: entitiesOf(fields.get('entities')),
      labels: levels.length > 0 ? labels : undefined,
    });
  } catch (error) {
    if (error instanceof GeorError) return fail(error.message);
    throw error;
  }
}

/** A list of names, or undefined for what is none. */
function entitiesOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.filter((name): name is string => typeof name === 'string');
  return names.length > 0 ? names : undefined;
}

/** The path of a picture: a text, or a list of one text as the `images` of training rows are. */
function photoOf(value: unknown): string {
  const only = Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : value;
  return typeof only === 'string' ? only.trim() : '';
}

/**
 * Finds the columns of each object. Objects may differ from line to line, so a missing name fails its
 * line, not the file; mostly they do not differ, and the last answer is kept.
 */
function columnFinder(columns: ColumnNames): (keys: readonly string[]) => ColumnNames {
  let last: readonly string[] = [];
  let names: ColumnNames | undefined;
  return (keys) => {
    const isSame = keys.length === last.length && keys.every((key, i) => key === last[i]);
    if (isSame && names) return names;
    names = findColumns(keys, columns);
    last = keys;
    return names;
  };
}
