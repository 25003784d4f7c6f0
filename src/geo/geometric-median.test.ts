import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random, shuffled } from '../core/index.ts';
import { geometricMedian } from './geometric-median.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { anyPoint, anyRotation, at, cluster, sphereGrid } from './sphere-points.test-support.ts';

const sumKm = (from: Coordinate, points: readonly Coordinate[], weights?: readonly number[]) =>
  points.reduce((sum, to, i) => sum + (weights?.[i] ?? 1) * haversineKm(from, to), 0);

describe('geometricMedian, by hand', () => {
  it.each([
    ['one point', [at(12, 34)], undefined, at(12, 34)],
    ['the middle of three in a row', [at(0, 0), at(0, 10), at(0, 40)], undefined, at(0, 10)],
    [
      'a row across the antimeridian',
      [at(0, 170), at(0, -179), at(0, -170)],
      undefined,
      at(0, -179),
    ],
    ['a ring round the pole', [at(80, 0), at(80, 120), at(80, -120)], undefined, at(90, 0)],
    [
      'a cross on the antimeridian',
      [at(5, 180), at(-5, -180), at(0, 175), at(0, -175)],
      undefined,
      at(0, 180),
    ],
    ['more than half the weight', [at(0, 0), at(30, 40), at(-50, 90)], [10, 3, 4], at(0, 0)],
    ['many on one spot', [at(7, 7), at(7, 7), at(7, 7), at(60, 0), at(0, 60)], undefined, at(7, 7)],
    ['one point of weight, one without', [at(3, 3), at(8, 8)], [0, 2], at(8, 8)],
  ])('%s', (_, points, weights, expected) => {
    const median = geometricMedian(points, weights);
    expect(haversineKm(median, expected)).toBeLessThan(1e-4);
  });

  it('gives any place for two antipodes, and the same sum', () => {
    const points = [at(10, 20), at(-10, -160)];
    expect(sumKm(geometricMedian(points), points)).toBeCloseTo(Math.PI * 6371, 3);
  });

  it('gives a place between two points', () => {
    const points = [at(0, 0), at(0, 10)];
    expect(sumKm(geometricMedian(points), points)).toBeCloseTo(
      haversineKm(points[0]!, points[1]!),
      6,
    );
  });

  it('sees every side at 120 degrees from within a triangle (Fermat)', () => {
    // A small triangle is plane: the median is where the three directions balance.
    const points = [at(0, 0), at(0, 0.02), at(0.01, 0.005)];
    const median = geometricMedian(points);
    const bearings = points
      .map(({ lat, lon }) => (Math.atan2(lat - median.lat, lon - median.lon) * 180) / Math.PI)
      .sort((a, b) => a - b);
    expect(bearings[1]! - bearings[0]!).toBeCloseTo(120, 1);
    expect(bearings[2]! - bearings[1]!).toBeCloseTo(120, 1);
  });

  it('refuses no points and weights that are none', () => {
    expect(() => geometricMedian([])).toThrow('no points');
    expect(() => geometricMedian([at(0, 0)], [Number.NaN])).toThrow('weight 0 is NaN');
  });
});

describe('geometricMedian, against every place of a grid', () => {
  it.each([
    [3, 1],
    [8, 20],
    [9, 60],
    [6, 100],
    [7, 180],
    [12, 180],
  ])('%i points within %i degrees: nowhere is better', (count, spread) => {
    for (let seed = 0; seed < 3; seed++) {
      const points = cluster(count, spread, seed);
      const source = random('weights', count, spread, seed);
      const weights = points.map(() => 0.2 + source.uniform());
      const least = sumKm(geometricMedian(points, weights), points, weights);
      for (const place of sphereGrid(3))
        expect(sumKm(place, points, weights)).toBeGreaterThan(least - 1e-6);
    }
  });

  it('is as good as a grid of about ten metres around it', () => {
    for (let seed = 0; seed < 12; seed++) {
      const points = cluster(6, 10, seed);
      const median = geometricMedian(points);
      const least = sumKm(median, points);
      for (let dy = -20; dy <= 20; dy++) {
        for (let dx = -20; dx <= 20; dx++) {
          const place = at(
            Math.max(-90, Math.min(90, median.lat + dy * 1e-4)),
            median.lon + dx * 1e-4,
          );
          expect(sumKm(place, points)).toBeGreaterThan(least - 1e-6);
        }
      }
    }
  });
});

describe('geometricMedian, properties', () => {
  it('turns with the Earth and does not mind the order', () => {
    const some = fc.array(anyPoint, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(some, anyRotation, fc.nat(), (points, turn, seed) => {
        const least = sumKm(geometricMedian(points), points);
        const moved = shuffled(points, random(seed)).map(turn);
        expect(Math.abs(sumKm(geometricMedian(moved), moved) - least)).toBeLessThan(0.05);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the same place for a cluster, wherever it lies', () => {
    fc.assert(
      fc.property(fc.nat(1000), anyRotation, (seed, turn) => {
        const points = cluster(7, 30, seed);
        const moved = shuffled(points, random(seed)).map(turn);
        expect(haversineKm(turn(geometricMedian(points)), geometricMedian(moved))).toBeLessThan(
          0.01,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is where a heavier half pulls it', () => {
    const points = cluster(9, 40, 3);
    for (const [i, point] of points.entries()) {
      const weights = points.map((_, j) => (j === i ? 8.5 : 1));
      expect(haversineKm(geometricMedian(points, weights), point)).toBeLessThan(1e-6);
    }
  });
});
