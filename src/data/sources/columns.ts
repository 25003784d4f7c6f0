/**
 * Which column holds what, told by the user or by the name.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** The levels of a place that a row may name. */
export const LABEL_ROLES = ['country', 'region', 'city'] as const;

/** A column that names a level of the place. */
export type LabelRole = (typeof LABEL_ROLES)[number];

/** What geor reads from a row. */
export type ColumnRole = 'id' | 'lat' | 'lon' | 'photo' | LabelRole;

/** Column names chosen by the user, e.g. `{ lat: 'predicted_lat' }`. */
export type ColumnNames = Readonly<Partial<Record<ColumnRole, string>>>;

/**
 * Names recognised without being told, whatever their case, best first.
 *
 * MP16-Pro (Jia et al. 2024, G3) has `IMG_ID`, `LAT`, `LON` and the levels of OpenStreetMap's
 * addresses: `neighbourhood`, `city`, `county`, `state`, `region`, `country`, `country_code`,
 * `continent`. There `state` is the first-level division; `region` is larger, where it is used at all.
 * A picture's column is never guessed: a path is read only when the user says which.
 */
const usualNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  id: ['id', 'img_id', 'image_id'],
  lat: ['lat', 'latitude'],
  lon: ['lon', 'lng', 'long', 'longitude'],
  photo: [],
  country: ['country', 'country_name'],
  region: ['state', 'province', 'admin1', 'region'],
  city: ['city', 'town'],
};

const roles = Object.keys(usualNames) as ColumnRole[];

/**
 * Reads `id=img_id,lat=Y,lon=X`.
 *
 * @throws GeorError `usage` when it is written differently
 */
export function parseColumns(text: string): ColumnNames {
  const names: Partial<Record<ColumnRole, string>> = {};
  for (const part of text.split(',')) {
    const [role, ...name] = part.split('=');
    const known = roles.find((candidate) => candidate === role?.trim());
    const column = name.join('=').trim();
    if (!known || !column) {
      throw new GeorError('usage', `cannot read ${JSON.stringify(part)} in --columns`, {
        hint: 'write --columns id=NAME,lat=NAME,lon=NAME (each is optional; also photo, country, region and city)',
      });
    }
    names[known] = column;
  }
  return names;
}

/**
 * The names of the columns to read among those there are.
 *
 * @param present - the columns of a header, or the keys of an object
 * @throws GeorError `data` when a column the user named is missing
 * @returns a name per role; absent for what cannot be found
 */
export function findColumns(present: readonly string[], chosen: ColumnNames): ColumnNames {
  const found: Partial<Record<ColumnRole, string>> = {};
  for (const role of roles) {
    const wanted = chosen[role];
    if (wanted !== undefined && !present.includes(wanted)) {
      throw new GeorError('data', `there is no column ${JSON.stringify(wanted)}`, {
        hint: `the columns are: ${present.join(', ')}`,
      });
    }
    const names = wanted === undefined ? usualNames[role] : [];
    const usual = names
      .map((name) => present.find((column) => column.trim().toLowerCase() === name))
      .find((column) => column !== undefined);
    const name = wanted ?? usual;
    if (name !== undefined) found[role] = name;
  }
  return found;
}
