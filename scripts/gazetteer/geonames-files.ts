/**
 * A user's GeoNames dumps: places, names of first-level divisions, continents of countries.
 * @module
 */
import { readFileSync } from 'node:fs';
import { GeorError } from '../../src/core/index.ts';

const PLACE_COLUMNS = 19;

/**
 * The populated places of `cities500.txt`, `cities15000.txt`, `allCountries.txt` and the like.
 *
 * @throws GeorError `data` for a line that is none of GeoNames', or a file without a place
 */
export function readPlaceFiles(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const lines = readLines(path);
      const places = lines.filter((line, i) => isPlace(line.split('\t'), `${path}:${i + 1}`));
      console.log(`  ${path}: ${places.length} populated places of ${lines.length} lines`);
      if (places.length === 0) throw new GeorError('data', `${path} has no populated place`);
      return places.map((line) => `${line}\n`).join('');
    })
    .join('');
}

/** Whether a line is a populated place (feature class P). */
function isPlace(field: readonly string[], where: string): boolean {
  if (field.length !== PLACE_COLUMNS) {
    throw new GeorError('data', `${where}: ${field.length} columns, not ${PLACE_COLUMNS}`, {
      hint: 'places are GeoNames dumps: tab-separated, without a header',
    });
  }
  if (field[6] !== 'P') return false;
  const isWithin = (text: string | undefined, limit: number): boolean =>
    !!text?.trim() && Math.abs(Number(text)) <= limit;
  if (!isWithin(field[4], 90) || !isWithin(field[5], 180))
    throw new GeorError('data', `${where}: no coordinate: ${field[4]}, ${field[5]}`);
  if (!/^\d{0,10}$/.test(field[14]!) || Number(field[14]) >= 2 ** 32)
    throw new GeorError('data', `${where}: no population: ${field[14]}`);
  if (!/^[A-Z]{2}$/.test(field[8]!))
    throw new GeorError('data', `${where}: no country code: ${field[8]}`);
  return true;
}

/**
 * `admin1CodesASCII.txt`: code and name.
 *
 * @throws GeorError `data` for a line without them
 */
export function readRegionNames(path: string): { code: string; name: string }[] {
  return readLines(path).map((line, i) => {
    const [code = '', name = ''] = line.split('\t');
    if (!/^[A-Z]{2}\.\S+$/.test(code) || name === '')
      throw new GeorError('data', `${path}:${i + 1}: no admin-1 code and name`);
    return { code, name };
  });
}

/**
 * `countryInfo.txt`: the continent of each country.
 *
 * @throws GeorError `data` for a line that is none of GeoNames'
 */
export function readContinents(path: string): Record<string, { continent: string }> {
  return Object.fromEntries(
    readLines(path)
      .filter((line) => !line.startsWith('#'))
      .map((line, i) => {
        const field = line.split('\t');
        const [code, continent] = [field[0], field[8]];
        if (!/^[A-Z]{2}$/.test(code ?? '') || !/^(AF|AN|AS|EU|NA|OC|SA)$/.test(continent ?? ''))
          throw new GeorError('data', `${path}: country ${i} has no code or continent`);
        return [code!, { continent: continent! }];
      }),
  );
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeorError('data', `cannot read ${path}: ${reason}`, { cause });
  }
}
