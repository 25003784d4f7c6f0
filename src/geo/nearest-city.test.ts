import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import { haversineKm } from './haversine.ts';
import { reverseGeocode } from './reverse-geocode.ts';
import { SphereTree } from './sphere-tree.ts';
import { toVector } from './vectors.ts';

/** `GEOR_BRUTE=10` tries ten times as many points; the committed numbers keep the file short. */
const BRUTE = Number(process.env['GEOR_BRUTE'] ?? 1);

const gazetteer = defaultGazetteer();
const { cities, countries, regions } = gazetteer;

/** Points of which a quarter is at the poles and a quarter along the antimeridian. */
function scatter(count: number): { lat: number; lon: number }[] {
  const source = random('nearest-city');
  return Array.from({ length: count }, (_, i) => {
    const sign = source.uniform() < 0.5 ? -1 : 1;
    if (i % 4 === 0)
      return { lat: sign * (90 - 2 * source.uniform()), lon: 360 * source.uniform() - 180 };
    if (i % 4 === 1)
      return { lat: 160 * source.uniform() - 80, lon: sign * (180 - source.uniform()) };
    const lat = (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI;
    return { lat, lon: 360 * source.uniform() - 180 };
  });
}

describe('the nearest of all cities', () => {
  it('is the one that trying all of them finds', () => {
    const vectors = Float64Array.from(
      Array.from(cities.lat, (lat, i) => toVector({ lat, lon: cities.lon[i]! })).flat(),
    );
    const tree = new SphereTree(cities.lat, cities.lon);
    for (const query of [...scatter(200 * BRUTE), { lat: 90, lon: 0 }, { lat: 0, lon: 180 }]) {
      const [x, y, z] = toVector(query);
      let nearest = -1;
      let most = -2;
      for (let i = 0; i < cities.count; i++) {
        const cosine = vectors[3 * i]! * x + vectors[3 * i + 1]! * y + vectors[3 * i + 2]! * z;
        if (cosine <= most) continue;
        most = cosine;
        nearest = i;
      }
      const km = (i: number): number =>
        haversineKm(query, { lat: cities.lat[i]!, lon: cities.lon[i]! });
      // The cosine tells distances apart to about 10 cm.
      expect(km(tree.nearest(query.lat, query.lon))).toBeCloseTo(km(nearest), 3);
    }
  });
});

describe('the city of a point', () => {
  it('is the one of its region with the least distance by radius within 100 km', () => {
    const source = random('city-of-point');
    let withCity = 0;
    for (let n = 0; n < 200 * BRUTE; n++) {
      const near = source.integer(cities.count);
      const lat = cities.lat[near]! + 0.3 * source.normal();
      const lon = Math.max(-180, Math.min(180, cities.lon[near]! + 0.3 * source.normal()));
      const place = reverseGeocode(gazetteer, lat, lon);
      // Where the polygon holds one region, its cities are the candidates.
      const polygon = gazetteer.regionPolygons[gazetteer.regionBorders.regionAt(lat, lon)];
      if (!place || !polygon || polygon.region < 0) continue;
      if (countries[regions[polygon.region]!.country]!.code !== place.countryCode) continue;
      let best: { i: number; score: number } | undefined;
      for (let i = 0; i < cities.count; i++) {
        if (cities.region[i] !== polygon.region) continue;
        const km = haversineKm({ lat, lon }, { lat: cities.lat[i]!, lon: cities.lon[i]! });
        const score = km / Math.max(0.7, 0.008 * Math.sqrt(cities.population[i]!));
        if (km <= 100 && (!best || score < best.score)) best = { i, score };
      }
      expect(place.city).toBe(best && cities.names[best.i]);
      withCity += Number(best !== undefined);
    }
    expect(withCity / BRUTE).toBeGreaterThan(120);
  });
});
