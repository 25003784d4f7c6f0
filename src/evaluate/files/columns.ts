/**
 * Which column of a file holds what, told by the user or recognised by its name.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** What evaluation reads from a row. */
export type RowField = 'id' | 'lat' | 'lon' | 'completion' | 'confidence';

/**
 * Column names per field, e.g. `{ lat: 'predicted_lat' }`. In JSONL a name with dots reaches into
 * objects: `ground_truth.lat`.
 */
export type RowColumns = Readonly<Partial<Record<RowField, string>>>;

/** Names recognised without being told, whatever their case, best first. */
const usual: Readonly<Record<RowField, readonly string[]>> = {
  id: ['id', 'img_id', 'image_id'],
  lat: ['lat', 'latitude'],
  lon: ['lon', 'lng', 'longitude'],
  completion: ['completion'],
  confidence: ['confidence'],
};

/** Every field that has a column. */
export const ROW_FIELDS: readonly RowField[] = ['id', 'lat', 'lon', 'completion', 'confidence'];

/**
 * Reads `id=img_id,lat=predicted_lat,lon=predicted_lon`.
 *
 * @param flag - the flag it was given to, for the message
 * @throws GeorError `usage` when it is written differently.
 */
export function parseRowColumns(text: string, flag: string): RowColumns {
  const columns: Partial<Record<RowField, string>> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const field = ROW_FIELDS.find((name) => name === part.slice(0, at).trim());
    const column = part.slice(at + 1).trim();
    if (at < 0 || !field || !column)
      throw new GeorError('usage', `cannot read ${JSON.stringify(part)} in ${flag}`, {
        hint: `write ${flag} ${ROW_FIELDS.map((name) => `${name}=NAME`).join(',')} (each is optional)`,
      });
    columns[field] = column;
  }
  return columns;
}

/** Whether a record with these columns can hold a column, by its own name or inside an object. */
const isPresent = (present: readonly string[], column: string): boolean =>
  present.includes(column) || (column.includes('.') && present.includes(column.split('.')[0]!));

/** A column by its name in lower case, as it is really written. */
export const findColumn = (present: readonly string[], name: string): string | undefined =>
  present.find((other) => other.trim().toLowerCase() === name);

/** The column of each field among those present; absent where there is none. */
export function matchColumns(present: readonly string[], chosen: RowColumns): RowColumns {
  const found: Partial<Record<RowField, string>> = {};
  for (const field of ROW_FIELDS) {
    const wanted = chosen[field];
    const column =
      wanted === undefined
        ? usual[field].map((name) => findColumn(present, name)).find((name) => name !== undefined)
        : isPresent(present, wanted)
          ? wanted
          : undefined;
    if (column !== undefined) found[field] = column;
  }
  return found;
}
