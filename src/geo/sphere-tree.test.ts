import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { SphereTree } from './sphere-tree.ts';

/** `GEOR_BRUTE=10` tries ten times as many points; the committed numbers keep the file short. */
const BRUTE = Number(process.env['GEOR_BRUTE'] ?? 1);

/** Points all over the sphere, crowded at the poles and the antimeridian. */
function scatter(count: number, seed: number): Coordinate[] {
  const source = random('sphere-tree', seed);
  const within = (low: number, high: number) => low + (high - low) * source.uniform();
  return Array.from({ length: count }, (_, i) => {
    if (i % 7 === 0) return { lat: within(85, 90) * (i % 2 ? 1 : -1), lon: within(-180, 180) };
    if (i % 5 === 0) return { lat: within(-80, 80), lon: within(178, 180) * (i % 2 ? 1 : -1) };
    return { lat: (Math.asin(within(-1, 1)) * 180) / Math.PI, lon: within(-180, 180) };
  });
}

/** Points at the poles and along the antimeridian only. */
function edges(count: number): Coordinate[] {
  const source = random('sphere-tree', 'edges');
  return Array.from({ length: count }, (_, i) => {
    const sign = i % 2 ? 1 : -1;
    if (i % 4 < 2)
      return { lat: sign * (90 - 3 * source.uniform()), lon: 360 * source.uniform() - 180 };
    return { lat: 170 * source.uniform() - 85, lon: sign * (180 - source.uniform()) };
  });
}

const special: Coordinate[] = [
  { lat: 90, lon: 0 },
  { lat: -90, lon: 123 },
  { lat: 12, lon: 180 },
  { lat: 12, lon: -180 },
  { lat: 0, lon: 0 },
];
const lats = (points: readonly Coordinate[]) => points.map(({ lat }) => lat);
const lons = (points: readonly Coordinate[]) => points.map(({ lon }) => lon);

describe('SphereTree', () => {
  it.each([1, 7, 8, 9, 100, 3000])('finds the nearest of %i points, like trying all', (count) => {
    const points = scatter(count, count);
    const tree = new SphereTree(lats(points), lons(points));
    for (const query of [...scatter(500, -count), ...special]) {
      const found = tree.nearest(query.lat, query.lon);
      const least = Math.min(...points.map((point) => haversineKm(point, query)));
      expect(haversineKm(points[found]!, query)).toBeCloseTo(least, 6);
    }
  });

  it('weighs distance by radius, like trying all', () => {
    const points = scatter(3000, 5);
    const source = random('radii');
    const radii = points.map(() => Math.exp(3 * source.normal()));
    const tree = new SphereTree(lats(points), lons(points), radii);
    for (const query of [...scatter(500, 6), ...special]) {
      // Chords, as the tree has them: they differ from arcs by a factor that depends on distance.
      const scaled = (i: number) =>
        Math.sin(haversineKm(points[i]!, query) / (2 * 6371)) / radii[i]!;
      const least = Math.min(...points.map((_, i) => scaled(i)));
      expect(scaled(tree.nearest(query.lat, query.lon)) / least).toBeCloseTo(1, 9);
    }
  });

  it('says whether any point is within 200 km, like trying all', () => {
    const points = scatter(800, 9);
    const tree = new SphereTree(lats(points), lons(points));
    let near = 0;
    const queries = [...scatter(1000 * BRUTE, 10), ...edges(1000 * BRUTE), ...special];
    for (const query of queries) {
      const expected = points.some((point) => haversineKm(point, query) <= 200);
      expect(tree.anyWithin(query.lat, query.lon, 200)).toBe(expected);
      near += Number(expected);
    }
    expect(near / queries.length).toBeGreaterThan(0.2);
    expect(near / queries.length).toBeLessThan(0.8);
  });

  it('takes the lower index of points that tie, and none beyond the limit', () => {
    const tree = new SphereTree([0, 10, 10, 10], [0, 179, 179, -179]);
    expect(tree.nearest(10, 178)).toBe(1);
    // A degree of the equator is 111.195 km.
    const one = new SphereTree([0], [0]);
    expect(one.nearest(0, 1, 111.2)).toBe(0);
    expect(one.nearest(0, 1, 111.19)).toBe(-1);
    expect(one.nearest(0, 180)).toBe(0);
  });

  it('takes the best within the limit, not the best if that is within', () => {
    // The city is 150 km off, 4 of its radii; the village 8 km, 10 of its own.
    const tree = new SphereTree([0, 0], [1.349, 0.072], [37.5, 0.8]);
    expect(tree.nearest(0, 0)).toBe(0);
    expect(tree.nearest(0, 0, 100)).toBe(1);
  });

  it('reaches round the whole Earth and not further', () => {
    const tree = new SphereTree([0], [0]);
    expect(tree.anyWithin(0, 180, 30_000)).toBe(true);
    expect(tree.anyWithin(0, 180, 20_000)).toBe(false);
  });

  it('has nothing to find when it is empty', () => {
    const tree = new SphereTree([], []);
    expect(tree.nearest(1, 2)).toBe(-1);
    expect(tree.anyWithin(1, 2, 1000)).toBe(false);
  });
});
