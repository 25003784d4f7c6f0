/**
 * Rows of located pictures as JSON, JSON lines, CSV or GeoJSON.
 * @module
 */
import { isLocated, type LocatedRow, type LocateRow } from '../locate/index.ts';
import type { LocateFormat } from './locate-flags.ts';
import { rowText } from './locate-text.ts';

/** All rows in a format, with the line break at the end. */
export function formatLocated(rows: readonly LocateRow[], format: LocateFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`;
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'csv':
      return [CSV_HEADER, ...rows.map(csvRow)].map((fields) => `${fields.join(',')}\n`).join('');
    case 'geojson':
      return `${JSON.stringify({ type: 'FeatureCollection', features: rows.map(feature) }, null, 2)}\n`;
    case 'text':
      return rows.length === 1
        ? rowText(rows[0]!)
        : rows.map((row) => `${row.id}\n${rowText(row)}`).join('\n');
  }
}

const CSV_HEADER = [
  ...['id', 'lat', 'lon', 'country', 'country_votes', 'region', 'region_votes', 'city'],
  ...['city_votes', 'answers', 'half_km', 'most_km', 'radii_hold', 'clues', 'map', 'error'],
];

function csvRow(row: LocateRow): string[] {
  const fields = isLocated(row)
    ? [
        ...[row.id, row.lat, row.lon],
        ...levelFields(row),
        ...[row.answered, row.radii?.halfKm, row.radii?.mostKm, row.radii?.hold],
        ...[row.clues.join('; '), row.mapLink, ''],
      ]
    : [row.id, ...new Array<string>(CSV_HEADER.length - 2).fill(''), row.error.message];
  return fields.map((field) => quoted(field === undefined || field === null ? '' : String(field)));
}

const levelFields = ({ levels }: LocatedRow): (string | number)[] =>
  (['country', 'region', 'city'] as const).flatMap((wanted) => {
    const found = levels.find(({ level }) => level === wanted);
    return found ? [found.name, found.votes] : ['', ''];
  });

/** RFC 4180; a leading apostrophe keeps spreadsheets from computing what a model wrote. */
function quoted(field: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(field) ? `'${field}` : field;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A GeoJSON feature (RFC 7946): longitude first, no geometry where there is no point. */
function feature(row: LocateRow): object {
  if (!isLocated(row))
    return { type: 'Feature', geometry: null, properties: { id: row.id, error: row.error } };
  const { lat, lon, samples: _samples, ...properties } = row;
  return {
    type: 'Feature',
    geometry: lat === null || lon === null ? null : { type: 'Point', coordinates: [lon, lat] },
    properties,
  };
}
