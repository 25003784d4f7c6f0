import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { readAsset } from '../core/node/index.ts';
import {
  type Arc,
  type Borders,
  decodeBorders,
  encodeBorders,
  UNITS_PER_DEGREE,
} from './borders.ts';
import { unpackSections } from './container.ts';
import { EdgeGrid } from './edge-grid.ts';

/** `GEOR_BRUTE=20` tries twenty times as many points; the committed numbers keep the file short. */
const BRUTE = Number(process.env['GEOR_BRUTE'] ?? 1);

/** Every region that holds a point: a ray to the west against every edge there is. */
function bruteForce(borders: Borders, lat: number, lon: number): Set<number> {
  const px = lon * UNITS_PER_DEGREE;
  const py = lat * UNITS_PER_DEGREE;
  const inside = new Set<number>();
  const { x, y, left, right } = borders;
  for (let e = 0; e < x.length - 1; e++) {
    if (left[e] === right[e] || y[e]! > py === y[e + 1]! > py) continue;
    const crossing = x[e]! + ((py - y[e]!) / (y[e + 1]! - y[e]!)) * (x[e + 1]! - x[e]!);
    if (crossing >= px) continue;
    for (const region of [left[e]!, right[e]!])
      if (region >= 0 && !inside.delete(region)) inside.add(region);
  }
  return inside;
}

/** A point near a random edge, `spread` degrees off at most; never at 180, which is two meridians. */
function nearBorder(borders: Borders, source: ReturnType<typeof random>, spread: number) {
  const e = source.integer(borders.x.length);
  const off = () => (source.uniform() * 2 - 1) * spread;
  return {
    lat: Math.max(-90, Math.min(90, borders.y[e]! / UNITS_PER_DEGREE + off())),
    lon: Math.max(-179.99999, Math.min(179.99999, borders.x[e]! / UNITS_PER_DEGREE + off())),
  };
}

function compare(borders: Borders, points: readonly { lat: number; lon: number }[]): number {
  const grid = new EdgeGrid(borders);
  let inside = 0;
  for (const { lat, lon } of points) {
    const expected = bruteForce(borders, lat, lon);
    const found = grid.regionAt(lat, lon);
    expect({ lat, lon, found }).toEqual({
      lat,
      lon,
      found: expected.size === 0 ? -1 : Math.min(...expected),
    });
    inside += Number(found >= 0);
  }
  return inside;
}

/** A square as an arc, degrees. */
function square(region: number, south: number, west: number, north: number, east: number): Arc {
  const units = (degrees: number[]) => degrees.map((d) => Math.round(d * UNITS_PER_DEGREE));
  return {
    left: region,
    right: -1,
    x: units([west, east, east, west, west]),
    y: units([south, south, north, north, south]),
  };
}

const made = (arcs: Arc[], regions: number) => decodeBorders(encodeBorders(arcs), 'test', regions);

describe('EdgeGrid', () => {
  const sections = unpackSections(brotliDecompressSync(readAsset('gazetteer.bin.br')));
  const count = new TextDecoder().decode(sections.get('country-polygons')).split('\n').length - 1;
  const countries = decodeBorders(sections.get('country-borders')!, 'countries', count);

  it('agrees with trying every edge, all over the Earth', () => {
    const source = random('everywhere');
    const points = Array.from({ length: 1000 * BRUTE }, () => ({
      lat: (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI,
      lon: source.uniform() * 360 - 180,
    }));
    const inside = compare(countries, points);
    expect(inside / points.length).toBeGreaterThan(0.25);
    expect(inside / points.length).toBeLessThan(0.75);
  });

  it('agrees with trying every edge, within a hundredth of a degree of borders', () => {
    const source = random('borders');
    compare(
      countries,
      Array.from({ length: 1000 * BRUTE }, () => nearBorder(countries, source, 0.01)),
    );
  });

  it('agrees with trying every edge, along the antimeridian', () => {
    const source = random('antimeridian');
    const points = Array.from({ length: 500 }, (_, i) => ({
      lat: source.uniform() * 180 - 90,
      lon: (i % 2 ? 1 : -1) * (180 - source.uniform() * 0.5 - 1e-6),
    }));
    expect(compare(countries, points)).toBeGreaterThan(50);
  });

  it('finds regions that share a side, and holes', () => {
    const grid = new EdgeGrid(
      made(
        [
          square(0, 10, 10, 12, 12),
          { ...square(0, 10.5, 10.5, 11.5, 11.5), left: 1, right: 0 },
          square(2, 10, 12, 12, 14),
        ],
        3,
      ),
    );
    expect(grid.regionAt(10.2, 10.2)).toBe(0);
    expect(grid.regionAt(11, 11)).toBe(1);
    expect(grid.regionAt(11, 13)).toBe(2);
    expect(grid.regionAt(11, 14.1)).toBe(-1);
    expect(grid.regionAt(9.9, 11)).toBe(-1);
  });

  it('answers with the lowest number where regions overlap', () => {
    const borders = made(
      [square(2, 0, 0, 3.1, 3.1), square(0, 1.1, 1.1, 4.1, 4.1), square(1, 2.1, 2.1, 5, 5)],
      3,
    );
    const source = random('overlap');
    const points = Array.from({ length: 2000 }, () => ({
      lat: source.uniform() * 5.5,
      lon: source.uniform() * 5.5,
    }));
    expect(compare(borders, points)).toBeGreaterThan(1000);
  });

  it('takes both ends of the longitudes for one meridian, and poles for points', () => {
    const grid = new EdgeGrid(
      made(
        [
          square(0, -20, 170, -10, 180),
          square(1, 60, -180, 70, -170),
          square(2, -90, -180, -60, 180),
        ],
        3,
      ),
    );
    for (const lon of [180, -180]) {
      expect(grid.regionAt(-15, lon)).toBe(0);
      expect(grid.regionAt(65, lon)).toBe(1);
      expect(grid.regionAt(-90, lon)).toBe(2);
      expect(grid.regionAt(90, lon)).toBe(-1);
    }
  });
});

describe('EdgeGrid.nearestRegion', () => {
  const grid = new EdgeGrid(
    made([square(0, 0, 0, 1, 1), square(1, 0, 1.2, 1, 2), square(2, 60, 179.9, 61, 180)], 3),
  );
  const any = () => true;

  it('finds the nearer border, and none beyond its reach', () => {
    // 1.12 E is 0.12 degrees (13.3 km) from region 0 and 0.08 degrees (8.9 km) from region 1.
    expect(grid.nearestRegion(0.5, 1.12, 25, any)).toBe(1);
    expect(grid.nearestRegion(0.5, 1.07, 25, any)).toBe(0);
    expect(grid.nearestRegion(0.5, 1.12, 8, any)).toBe(-1);
    expect(grid.nearestRegion(0.5, 1.12, 9, any)).toBe(1);
  });

  it('takes accepted regions only', () => {
    expect(grid.nearestRegion(0.5, 1.12, 25, (region) => region === 0)).toBe(0);
    expect(grid.nearestRegion(0.5, 1.12, 13, (region) => region === 0)).toBe(-1);
  });

  it('looks across the antimeridian', () => {
    // Half a degree of longitude at 60.5 N is 27.4 km.
    expect(grid.nearestRegion(60.5, -179.5, 28, any)).toBe(2);
    expect(grid.nearestRegion(60.5, -179.5, 27, any)).toBe(-1);
    expect(grid.nearestRegion(60.5, -180, 1, any)).toBe(2);
  });
});
