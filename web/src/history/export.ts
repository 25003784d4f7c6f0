/**
 * The history as files.
 * @module
 */
import type { HistoryEntry } from './history.ts';

/** Formats of the export. */
export type ExportFormat = 'json' | 'csv' | 'geojson';

/** Types of their files. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  geojson: 'application/geo+json',
};

const row = ({ thumbnail: _, point, cut, radiusKm, ...entry }: HistoryEntry) => ({
  ...entry,
  lat: point?.lat,
  lon: point?.lon,
  radiusHalfKm: radiusKm?.half,
  radiusMostKm: radiusKm?.most,
  cutLat: cut?.lat,
  cutLon: cut?.lon,
});

const COLUMNS = [
  ...['id', 'at', 'kind', 'country', 'region', 'city', 'lat', 'lon'],
  ...['radiusHalfKm', 'radiusMostKm', 'cutLat', 'cutLon', 'distanceKm', 'samples', 'model'],
] as const;

/** One field of RFC 4180; what a spreadsheet would run as a formula is quoted as text. */
const field = (value: unknown): string => {
  if (value === undefined) return '';
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Writes the entries in a format. Pictures are left out. */
export function exported(entries: readonly HistoryEntry[], format: ExportFormat): string {
  const rows = entries.map(row);
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  if (format === 'csv') {
    const lines = rows.map((one) =>
      COLUMNS.map((column) => field(one[column as keyof typeof one])).join(','),
    );
    return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
  }
  const features = rows.map(({ lat, lon, ...properties }) => ({
    type: 'Feature',
    geometry:
      lat === undefined || lon === undefined ? null : { type: 'Point', coordinates: [lon, lat] },
    properties,
  }));
  return `${JSON.stringify({ type: 'FeatureCollection', features }, null, 2)}\n`;
}
