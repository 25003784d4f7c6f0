import { describe, expect, it } from 'vitest';
import { exported } from './export.ts';
import { clearHistory, type HistoryEntry, keep, readHistory } from './history.ts';

const entry = (id: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id, at: '2026-01-02T03:04:05Z', kind: 'tile', headline: 'Bergen, Norway' },
  ...{ samples: 8, model: 'm', thumbnail: 'data:image/jpeg;base64,AA==' },
  ...more,
});

/** A store that holds so many characters. */
function store(limit = 1e6) {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > limit) throw new Error('full');
      values.set(key, value);
    },
    removeItem: (key: string) => void values.delete(key),
  };
}

describe('the history', () => {
  it('keeps the newest first and sixty at most', () => {
    const kept = store();
    for (let i = 0; i < 70; i++) keep(entry(`${i}`), kept);
    const ids = readHistory(kept).map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([60, '69', '10']);
    clearHistory(kept);
    expect(readHistory(kept)).toEqual([]);
  });

  it('lets the oldest go when the browser is full', () => {
    const kept = store(JSON.stringify([entry('a'), entry('b')]).length);
    for (const id of ['a', 'b', 'c']) keep(entry(id), kept);
    expect(readHistory(kept).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('leaves out what is no entry', () => {
    const kept = store();
    const foreign = { ...entry('x'), thumbnail: 'https://example.com/x.png' };
    kept.setItem('geor.history', JSON.stringify([null, 5, foreign, entry('y')]));
    expect(readHistory(kept).map(({ id }) => id)).toEqual(['y']);
    kept.setItem('geor.history', '{');
    expect(readHistory(kept)).toEqual([]);
  });
});

describe('the export', () => {
  const entries = [
    entry('1', { country: 'Norway', city: 'Bergen, "old"', point: { lat: 60.4, lon: 5.3 } }),
    entry('2', { country: '=SUM(A1)' }),
  ];

  it('writes CSV that spreadsheets read as text', () => {
    const [head, first, second] = exported(entries, 'csv').split('\r\n');
    expect(head).toBe(
      'id,at,kind,country,region,city,lat,lon,radiusHalfKm,radiusMostKm,cutLat,cutLon,distanceKm,samples,model',
    );
    expect(first).toBe('1,2026-01-02T03:04:05Z,tile,Norway,,"Bergen, ""old""",60.4,5.3,,,,,,8,m');
    expect(second).toContain(",'=SUM(A1),");
  });

  it('writes GeoJSON with the longitude first, and no pictures', () => {
    const text = exported(entries, 'geojson');
    const { features } = JSON.parse(text);
    expect(features[0].geometry).toEqual({ type: 'Point', coordinates: [5.3, 60.4] });
    expect(features[1].geometry).toBeNull();
    expect(text).not.toContain('data:');
    expect(JSON.parse(exported(entries, 'json'))).toHaveLength(2);
  });
});
