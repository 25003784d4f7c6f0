import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random, shuffled } from '../core/index.ts';
import { boundingCircle } from './bounding-circle.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { radiusHoldingKm } from './radius-holding.ts';
import { anyPoint, anyRotation, at, cluster, sphereGrid } from './sphere-points.test-support.ts';

const QUARTER_KM = (Math.PI * 6371) / 2;
const DEGREE_KM = QUARTER_KM / 90;
const farthestKm = (from: Coordinate, points: readonly Coordinate[]) =>
  Math.max(...points.map((to) => haversineKm(from, to)));

describe('boundingCircle, by hand', () => {
  it.each([
    ['one point', [at(12, 34)], at(12, 34), 0],
    ['one point, many times', [at(12, 34), at(12, 34), at(12, 34)], at(12, 34), 0],
    ['two points', [at(0, 0), at(0, 10)], at(0, 5), 5],
    ['two across the antimeridian', [at(0, 179), at(0, -179)], at(0, 180), 1],
    ['two over the pole', [at(85, 0), at(75, 180)], at(85, 180), 10],
    ['a ring round the pole', [at(70, 0), at(70, 90), at(70, 200)], at(90, 0), 20],
    ['an obtuse triangle: its long side', [at(0, 0), at(0, 10), at(1, 4)], at(0, 5), 5],
    ['three in a row', [at(0, 0), at(0, 2), at(0, 8)], at(0, 4), 4],
  ])('%s', (_, points, centre, degrees) => {
    const circle = boundingCircle(points);
    expect(circle.radiusKm).toBeCloseTo(degrees * DEGREE_KM, 6);
    expect(haversineKm(circle.centre, centre)).toBeLessThan(1e-5);
  });

  it('is a hemisphere for antipodes, for a great circle, and for half of one', () => {
    for (const points of [
      [at(10, 20), at(-10, -160)],
      [at(90, 0), at(-90, 0), at(90, 0)],
      [at(0, 0), at(0, 120), at(0, -120)],
      [at(0, -90), at(0, 0), at(0, 90)],
    ]) {
      const circle = boundingCircle(points);
      expect(circle.radiusKm).toBeCloseTo(QUARTER_KM, 4);
      expect(farthestKm(circle.centre, points)).toBeCloseTo(QUARTER_KM, 4);
    }
  });

  it('leaves out a face of a regular tetrahedron', () => {
    const ring = (Math.asin(-1 / 3) * 180) / Math.PI;
    const { radiusKm } = boundingCircle([at(90, 0), at(ring, 0), at(ring, 120), at(ring, -120)]);
    // The centre of a face lies as far from its corners as the tetrahedron's angle leaves of pi.
    expect(radiusKm).toBeCloseTo(6371 * Math.acos(-1 / 3), 4);
  });

  it('leaves out a face of an octahedron', () => {
    const axes = [at(90, 0), at(-90, 0), at(0, 0), at(0, 90), at(0, 180), at(0, -90)];
    // The middle of a face is 54.7 degrees from its corners: atan of the square root of 2.
    const { radiusKm } = boundingCircle(axes);
    expect(radiusKm).toBeCloseTo(6371 * (Math.PI - Math.atan(Math.SQRT2)), 6);
  });

  it('keeps its digits for points a centimetre apart', () => {
    const e = 1e-7;
    const points = [at(45, 7), at(45 + e, 7), at(45, 7 + e), at(45 + e, 7 + e)];
    const { radiusKm } = boundingCircle(points);
    // Half the diagonal of e by e cos(45): 6.81 mm.
    expect(radiusKm * 1e6).toBeCloseTo(6.81, 1);
  });

  it('refuses no points', () => {
    expect(() => boundingCircle([])).toThrow('no points');
  });
});

describe('boundingCircle, against every centre of a grid', () => {
  it.each([
    [2, 0.001],
    [50, 0.001],
    [5, 1],
    [40, 30],
    [60, 80],
    [8, 120],
    [20, 180],
  ])('%i points within %f degrees: holds all, and no centre needs less', (count, spread) => {
    for (let seed = 0; seed < 4; seed++) {
      const points = cluster(count, spread, seed);
      const circle = boundingCircle(points);
      const farthest = farthestKm(circle.centre, points);
      expect(Math.abs(circle.radiusKm - farthest)).toBeLessThan(1e-3);
      let least = Number.POSITIVE_INFINITY;
      for (const centre of sphereGrid(3)) least = Math.min(least, farthestKm(centre, points));
      expect(least).toBeGreaterThan(farthest - 1e-3);
      // and the grid comes as close as its step allows
      expect(least).toBeLessThan(farthest + 2.2 * DEGREE_KM);
    }
  });

  it('needs less nowhere within a kilometre', () => {
    for (let seed = 0; seed < 12; seed++) {
      const points = cluster(12, 15, seed);
      const { centre, radiusKm } = boundingCircle(points);
      for (let dy = -10; dy <= 10; dy++)
        for (let dx = -10; dx <= 10; dx++) {
          const place = at(
            Math.max(-90, Math.min(90, centre.lat + dy * 1e-3)),
            centre.lon + dx * 1e-3,
          );
          expect(farthestKm(place, points)).toBeGreaterThan(radiusKm - 1e-6);
        }
    }
  });
});

describe('boundingCircle, properties', () => {
  it('turns with the Earth and does not mind the order', () => {
    fc.assert(
      fc.property(
        fc.array(anyPoint, { minLength: 1, maxLength: 14 }),
        anyRotation,
        fc.nat(),
        (points, turn, seed) => {
          const circle = boundingCircle(points);
          const moved = boundingCircle(shuffled(points, random(seed)).map(turn));
          expect(Math.abs(moved.radiusKm - circle.radiusKm)).toBeLessThan(0.01);
          expect(farthestKm(circle.centre, points)).toBeLessThan(circle.radiusKm + 0.01);
        },
      ),
    );
  });

  it('has the same centre for a cluster, wherever it lies', () => {
    fc.assert(
      fc.property(fc.nat(1000), anyRotation, (seed, turn) => {
        const points = cluster(9, 50, seed);
        const moved = shuffled(points, random(seed)).map(turn);
        expect(
          haversineKm(turn(boundingCircle(points).centre), boundingCircle(moved).centre),
        ).toBeLessThan(0.01);
      }),
    );
  });
});

describe('radiusHoldingKm', () => {
  const points = [at(0, 3), at(0, 1), at(0, 4), at(0, 2)];

  it.each([
    [0.1, 1],
    [0.25, 1],
    [0.26, 2],
    [0.5, 2],
    [0.75, 3],
    [1, 4],
  ])('holds %f of four points within %i degrees', (share, degrees) => {
    expect(radiusHoldingKm(at(0, 0), points, share)).toBeCloseTo(degrees * DEGREE_KM, 8);
  });

  it('counts weights, and no point without one', () => {
    const weighed = (share: number, weights: number[]) =>
      radiusHoldingKm(at(0, 0), points, share, weights) / DEGREE_KM;
    expect(weighed(0.5, [1, 5, 1, 1])).toBeCloseTo(1, 8);
    expect(weighed(0.5, [5, 1, 1, 1])).toBeCloseTo(3, 8);
    expect(weighed(1, [1, 1, 0, 1])).toBeCloseTo(3, 8);
  });

  it('holds nine of ten equal weights at 0.9, whatever rounding says', () => {
    const ten = Array.from({ length: 10 }, (_, i) => at(0, i + 1));
    const weights = ten.map(() => 0.1);
    expect(radiusHoldingKm(at(0, 0), ten, 0.9, weights)).toBeCloseTo(9 * DEGREE_KM, 8);
    expect(radiusHoldingKm(at(0, 0), ten, 0.7, weights)).toBeCloseTo(7 * DEGREE_KM, 8);
  });

  it('agrees with counting, for any points', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(anyPoint, { minLength: 1, maxLength: 20 }),
        anyPoint,
        share,
        (some, centre, part) => {
          const km = radiusHoldingKm(centre, some, part);
          const within = some.filter((point) => haversineKm(centre, point) <= km).length;
          const below = some.filter((point) => haversineKm(centre, point) < km).length;
          expect(within / some.length).toBeGreaterThanOrEqual(part - 1e-9);
          expect(below / some.length).toBeLessThan(part);
        },
      ),
    );
  });

  it.each([0, -0.1, 1.01, Number.NaN])('refuses a share of %f', (share) => {
    expect(() => radiusHoldingKm(at(0, 0), points, share)).toThrow('the share is');
  });
});
