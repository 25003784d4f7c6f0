/**
 * Which column of a file holds what, told by the user or recognised by its name.
 * @module
 */
import { GeorError } from '../core/index.ts';

/** What evaluation reads from a row. */
export type RowField = 'id' | 'lat' | 'lon' | 'completion';

/** Column names per field, e.g. `{ lat: 'predicted_lat' }`. */
export type RowColumns = Readonly<Partial<Record<RowField, string>>>;

/** Names recognised without being told, whatever their case, best first. */
const usual: Readonly<Record<RowField, readonly string[]>> = {
  id: ['id', 'img_id', 'image_id'],
  lat: ['lat', 'latitude'],
  lon: ['lon', 'lng', 'longitude'],
  completion: ['completion'],
};

const fields = Object.keys(usual) as RowField[];

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
    const field = fields.find((name) => name === part.slice(0, at).trim());
    const column = part.slice(at + 1).trim();
    if (at < 0 || !field || !column)
      throw new GeorError('usage', `cannot read ${JSON.stringify(part)} in ${flag}`, {
        hint: `write ${flag} id=NAME,lat=NAME,lon=NAME,completion=NAME (each is optional)`,
      });
    columns[field] = column;
  }
  return columns;
}

/** The column of each field among those present; absent where there is none. */
export function matchColumns(present: readonly string[], chosen: RowColumns): RowColumns {
  const found: Partial<Record<RowField, string>> = {};
  for (const field of fields) {
    const wanted = chosen[field];
    const column =
      wanted === undefined
        ? usual[field]
            .map((name) => present.find((other) => other.trim().toLowerCase() === name))
            .find((name) => name !== undefined)
        : present.find((name) => name === wanted);
    if (column !== undefined) found[field] = column;
  }
  return found;
}
