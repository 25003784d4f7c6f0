import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random, shuffled } from '../core/index.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { sphereMedoid } from './sphere-medoid.ts';
import { anyPoint, anyRotation, at } from './sphere-points.test-support.ts';

const sumKm = (from: Coordinate, points: readonly Coordinate[], weights?: readonly number[]) =>
  points.reduce((sum, to, i) => sum + (weights?.[i] ?? 1) * haversineKm(from, to), 0);

describe('sphereMedoid', () => {
  it('takes the middle of three across the antimeridian', () => {
    const middle = at(0, 180);
    expect(sphereMedoid([at(0, 178), middle, at(0, -178)])).toBe(middle);
  });

  it('takes the middle of three over the pole', () => {
    const middle = at(89, 10);
    expect(sphereMedoid([at(80, 10), at(88, -170), middle])).toBe(middle);
  });

  it('follows the weights, and lets a weightless point be the one', () => {
    const points = [at(0, 0), at(0, 10), at(0, 20)];
    expect(sphereMedoid(points, [5, 1, 1])).toBe(points[0]);
    expect(sphereMedoid(points, [1, 0, 1.5])).toBe(points[2]);
    // From the pole 3 x 10 degrees; from the ring 2 x 17.3.
    const ring = [at(80, 0), at(90, 0), at(80, 120), at(80, -120)];
    expect(sphereMedoid(ring, [1, 0, 1, 1])).toBe(ring[1]);
  });

  it('gives the object it was given, with whatever it carries', () => {
    const answer = { lat: 1, lon: 2, id: 'a' };
    expect(sphereMedoid([answer]).id).toBe('a');
  });

  it('takes the first of several that tie', () => {
    const points = [at(10, 10), at(20, 20)];
    expect(sphereMedoid(points)).toBe(points[0]);
    expect(sphereMedoid(points.toReversed())).toBe(points[1]);
  });

  it('has the least sum, however the points are ordered and the Earth is turned', () => {
    const some = fc.array(anyPoint, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, anyRotation, fc.nat(), (points, turn, seed) => {
        const least = Math.min(...points.map((from) => sumKm(from, points)));
        expect(sumKm(sphereMedoid(points), points)).toBeCloseTo(least, 6);
        const moved = shuffled(points, random(seed)).map(turn);
        // Haversine keeps about a metre near antipodes.
        expect(Math.abs(sumKm(sphereMedoid(moved), moved) - least)).toBeLessThan(0.05);
      }),
    );
  });

  it.each([
    ['no points', [], undefined, 'no points'],
    ['a latitude beyond the pole', [at(91, 0)], undefined, 'point 0 is no coordinate'],
    ['a number that is none', [at(0, 0), at(0, Number.NaN)], undefined, 'point 1'],
    ['too few weights', [at(0, 0), at(1, 1)], [1], '1 weights for 2 points'],
    ['a negative weight', [at(0, 0)], [-1], 'weight 0 is -1'],
    ['no weight at all', [at(0, 0), at(1, 1)], [0, 0], 'every weight is 0'],
  ])('refuses %s', (_, points, weights, message) => {
    expect(() => sphereMedoid(points, weights)).toThrow(message);
  });
});
