import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversineKm } from './haversine.ts';
import { anyPoint, at } from './sphere-points.test-support.ts';
import { wgs84Km } from './wgs84.ts';

// By Python's geographiclib: interop/make_geodesic_golden.py.
const golden: { rows: [number, number, number, number, number][] } = JSON.parse(
  readFileSync(new URL('../../test/golden/geodesic.json', import.meta.url), 'utf8'),
);

describe('wgs84Km', () => {
  it('agrees with Python to a tenth of a micrometre, poles, antimeridian and antipodes included', () => {
    expect(golden.rows.length).toBe(322);
    for (const [lat1, lon1, lat2, lon2, km] of golden.rows) {
      const error = Math.abs(wgs84Km(at(lat1, lon1), at(lat2, lon2)) - km);
      expect({ lat1, lon1, lat2, lon2, isRight: error < 1e-10 }).toMatchObject({ isRight: true });
    }
  });

  it.each([
    // Lengths of the ellipsoid itself: a = 6378.137 km, f = 1/298.257223563.
    ['a quarter of the equator', at(0, 0), at(0, 90), (Math.PI / 2) * 6378.137],
    ['a quarter of a meridian', at(0, 0), at(90, 0), 10_001.965729],
    ['pole to pole', at(90, 0), at(-90, 0), 2 * 10_001.965729],
    ['opposite points of the equator: over a pole', at(0, 0), at(0, 180), 2 * 10_001.965729],
  ])('%s', (_, a, b, km) => {
    expect(wgs84Km(a, b)).toBeCloseTo(km, 5);
  });

  it('is NaN for what is no coordinate', () => {
    for (const bad of [at(Number.NaN, 0), at(0, Number.NaN), at(91, 0)])
      expect(wgs84Km(bad, at(0, 0))).toBeNaN();
  });

  it('does not mind the order, is 0 for one point, and stays within 0.57 % of haversine', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, (a, b) => {
        const km = wgs84Km(a, b);
        expect(wgs84Km(b, a)).toBeCloseTo(km, 9);
        expect(wgs84Km(a, a)).toBe(0);
        const sphere = haversineKm(a, b);
        expect(Math.abs(km - sphere)).toBeLessThanOrEqual(0.0057 * Math.max(km, sphere) + 1e-6);
      }),
    );
  });
});
