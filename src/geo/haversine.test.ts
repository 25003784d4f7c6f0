import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EARTH_RADIUS_KM, haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';

const at = (lat: number, lon: number): Coordinate => ({ lat, lon });
const HALF_ROUND = Math.PI * EARTH_RADIUS_KM;
const coordinate = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('haversineKm, values', () => {
  it.each([
    // One degree of a great circle: 2 pi 6371 / 360.
    ['a degree of the equator', at(0, 0), at(0, 1), 111.19493],
    ['a degree of a meridian', at(45, 7), at(46, 7), 111.19493],
    ['a degree of longitude at 60 N', at(60, 0), at(60, 1), 55.59693],
    ['pole to pole', at(90, 12), at(-90, 140), HALF_ROUND],
    ['pole to equator', at(90, 0), at(0, 77), HALF_ROUND / 2],
    ['antipodes', at(10, 20), at(-10, -160), HALF_ROUND],
    ['across the antimeridian', at(0, 179.5), at(0, -179.5), 111.19493],
    ['the antimeridian is one line', at(-16.8, 180), at(-16.8, -180), 0],
    ['every longitude of a pole is one point', at(-90, 0), at(-90, 90), 0],
    // By the spherical law of cosines instead.
    ['Paris to London', at(48.8566, 2.3522), at(51.5074, -0.1278), 343.55606],
    // The example of Rosetta Code's haversine task (BNA to LAX, R = 6372.8: 2887.2599506), rescaled.
    ['Nashville to Los Angeles', at(36.12, -86.67), at(33.94, -118.4), 2886.44444],
  ])('%s', (_, a, b, km) => {
    expect(haversineKm(a, b)).toBeCloseTo(km, 3);
  });

  it('keeps its digits over a metre', () => {
    expect(haversineKm(at(45, 9), at(45.000009, 9)) * 1000).toBeCloseTo(1.000754, 5);
  });
});

describe('haversineKm, near the antipode', () => {
  it.each([1e-3, 1e-6, 1e-9])('keeps its digits %d degrees before it', (degrees) => {
    const short = HALF_ROUND - haversineKm(at(0, 0), at(0, 180 - degrees));
    expect(Math.abs(short - degrees * 111.19492664455873)).toBeLessThan(1e-9);
    const across = HALF_ROUND - haversineKm(at(40, 25), at(-40 + degrees, -155));
    expect(Math.abs(across - degrees * 111.19492664455873)).toBeLessThan(1e-9);
  });

  it('agrees with the angle between vectors', () => {
    const vector = ({ lat, lon }: Coordinate): [number, number, number] => {
      const [phi, lambda] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
      const around = Math.cos(phi);
      return [around * Math.cos(lambda), around * Math.sin(lambda), Math.sin(phi)];
    };
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        const [u, v] = [vector(a), vector(b)];
        const length = (sign: number) => Math.hypot(...u.map((x, i) => x + sign * v[i]!));
        const km = 2 * EARTH_RADIUS_KM * Math.atan2(length(-1), length(1));
        expect(Math.abs(haversineKm(a, b) - km)).toBeLessThan(1e-9);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('haversineKm, properties', () => {
  it('is symmetric and lies between 0 and half way round', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        const km = haversineKm(a, b);
        expect(km).toBe(haversineKm(b, a));
        expect(km).toBeGreaterThanOrEqual(0);
        expect(km).toBeLessThanOrEqual(HALF_ROUND);
        expect(haversineKm(a, a)).toBe(0);
      }),
    );
  });

  it('never finds a detour shorter than the way', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (a, b, c) => {
        expect(haversineKm(a, c)).toBeLessThanOrEqual(haversineKm(a, b) + haversineKm(b, c) + 1e-3);
      }),
    );
  });
});
