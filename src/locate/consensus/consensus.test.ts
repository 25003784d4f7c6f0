import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { type Coordinate, haversineKm, sphereMedoid } from '../../geo/index.ts';
import { geoRDistanceReward } from '../../rewards/index.ts';
import { clustersOf } from './clusters.ts';
import { type VotedChain, voteLevels } from './levels.ts';
import { consensusPoint, POINT_METHODS } from './point.ts';
import { step } from './step.ts';
import { thresholdPoint } from './threshold-point.ts';
import { expectedUtility, utilityPoint } from './utility-point.ts';

const bergen = { lat: 60.3943, lon: 5.3259 };
const oslo = { lat: 59.9127, lon: 10.7461 };
const fiji = { lat: -17.8, lon: 179.9 };

const scattered = (seed: number, count: number, spread: number): Coordinate[] => {
  const source = random('scattered', seed);
  return Array.from({ length: count }, () => ({
    lat: 50 + spread * (source.uniform() - 0.5),
    lon: 10 + 1.6 * spread * (source.uniform() - 0.5),
  }));
};

describe('a step', () => {
  it.each([
    // a degree of latitude is pi R / 180 = 111.19 km
    [{ lat: 0, lon: 0 }, 0, 111.19492664455873, { lat: 1, lon: 0 }],
    [{ lat: 0, lon: 179.5 }, Math.PI / 2, 111.19492664455873, { lat: 0, lon: -179.5 }],
    [{ lat: 89, lon: 20 }, 0, 222.38985328911747, { lat: 89, lon: -160 }],
  ])('from %j ends where it should', (from, bearing, km, to) => {
    expect(haversineKm(step(from, bearing, km), to)).toBeLessThan(1e-6);
  });
  it('is as long as it is said to be, in every direction from everywhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -89, max: 89, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.double({ min: 0.01, max: 19_000, noNaN: true }),
        (lat, lon, bearing, km) => {
          const end = step({ lat, lon }, bearing, km);
          expect(haversineKm({ lat, lon }, end)).toBeCloseTo(km, 4);
          expect(Math.abs(end.lon)).toBeLessThanOrEqual(180);
        },
      ),
    );
  });
});

describe('clusters', () => {
  it('are the groups of points that lie together, heaviest first, also across the antimeridian', () => {
    const points = [oslo, fiji, bergen, { lat: -17.7, lon: -179.8 }, { lat: -18, lon: 179 }];
    const found = clustersOf(points);
    expect(found.map(({ members }) => members)).toEqual([[1, 3, 4], [0], [2]]);
    expect(found[0]!.point).toEqual(fiji);
    expect(found[0]!.radiusKm).toBeCloseTo(haversineKm(fiji, points[4]!), 9);
    expect(clustersOf(points, 400).map(({ members }) => members)).toEqual([
      [1, 3, 4],
      [0, 2],
    ]);
  });
  it('are joined by their average distance, not by their nearest points', () => {
    // a row of points 100 km apart: single linkage would make one cluster of all
    const row = Array.from({ length: 9 }, (_, i) => step({ lat: 0, lon: 0 }, Math.PI / 2, 100 * i));
    expect(clustersOf(row, 200).length).toBeGreaterThan(1);
  });
  it('weigh their members', () => {
    const found = clustersOf([oslo, bergen], 100, [1, 3]);
    expect(found.map(({ members, weight }) => [members[0], weight])).toEqual([
      [1, 3],
      [0, 1],
    ]);
  });
});

describe('the point of the highest expected reward', () => {
  it('is as good as the best of a fine grid, and never worse than the best sample', () => {
    for (let seed = 0; seed < 12; seed++) {
      const points = scattered(seed, 6, 4 + 3 * seed);
      const weights = points.map(() => 1);
      const value = (at: Coordinate) => expectedUtility(at, points, weights, geoRDistanceReward);
      const found = value(utilityPoint(points, weights, geoRDistanceReward));
      let best = 0;
      for (let lat = 25; lat <= 75; lat += 0.5)
        for (let lon = -30; lon <= 50; lon += 0.5) best = Math.max(best, value({ lat, lon }));
      expect(found).toBeGreaterThanOrEqual(Math.max(...points.map(value)));
      expect(found).toBeGreaterThan(best - 1e-3);
    }
  });
  it('goes with the many, not between the camps', () => {
    const at = utilityPoint(
      [bergen, bergen, bergen, fiji, fiji],
      [1, 1, 1, 1, 1],
      geoRDistanceReward,
    );
    expect(haversineKm(at, bergen)).toBeLessThan(1);
  });
});

describe('the point within a distance of most', () => {
  it('has as many within as any point of a fine grid', () => {
    for (let seed = 0; seed < 12; seed++) {
      const points = scattered(100 + seed, 9, 12);
      const within = (at: Coordinate) =>
        points.filter((point) => haversineKm(at, point) <= 200 * (1 + 1e-6)).length;
      let most = 0;
      for (let lat = 43; lat <= 57; lat += 0.1)
        for (let lon = -1; lon <= 21; lon += 0.15) most = Math.max(most, within({ lat, lon }));
      expect(
        within(
          thresholdPoint(
            points,
            points.map(() => 1),
            200,
          ),
        ),
      ).toBeGreaterThanOrEqual(most);
    }
  });
  it('finds the place between two points that no sample itself reaches', () => {
    const a = { lat: 0, lon: 0 };
    const b = step(a, 1, 390);
    const found = thresholdPoint([a, b], [1, 1], 200);
    expect(haversineKm(found, a)).toBeLessThanOrEqual(200.001);
    expect(haversineKm(found, b)).toBeLessThanOrEqual(200.001);
  });
  it('heeds weights', () => {
    expect(thresholdPoint([oslo, oslo, bergen], [1, 1, 3], 25)).toEqual(bergen);
  });
});

describe('a consensus point', () => {
  it.each(POINT_METHODS)('by %s of samples at one place is that place', (method) => {
    expect(haversineKm(consensusPoint([bergen, bergen, bergen], { method }), bergen)).toBe(0);
    expect(haversineKm(consensusPoint([fiji], { method }), fiji)).toBe(0);
  });
  it('by medoid is a sample', () => {
    const points = scattered(3, 7, 20);
    expect(points).toContainEqual(consensusPoint(points, { method: 'medoid' }));
    expect(consensusPoint(points, { method: 'medoid' })).toEqual(sphereMedoid(points));
  });
  it.each(POINT_METHODS)('by %s is the same whatever the order of the samples', (method) => {
    const points = scattered(7, 9, 15);
    const other = consensusPoint(points.toReversed(), { method });
    expect(haversineKm(consensusPoint(points, { method }), other)).toBeLessThan(1);
  });
});

describe('a voted chain', () => {
  const sample = (country?: string, region?: string, city?: string) => ({
    names: {
      ...(country !== undefined && { country }),
      ...(region !== undefined && { region }),
      ...(city !== undefined && { city }),
    },
  });
  const short = ({ levels }: VotedChain) =>
    levels.map(({ name, votes, of }) => `${name} ${votes}/${of}`);

  it('counts each level inside the one above', () => {
    const samples = [
      ...[sample('Norway', 'Vestland', 'Bergen'), sample('Norway', 'Vestland', 'Bergen')],
      ...[sample('Norway', 'Oslo', 'Oslo'), sample('Sweden', 'Skåne', 'Malmö')],
      ...[sample('Sweden', 'Skåne', 'Malmö'), sample('Sweden', 'Skåne', 'Malmö'), sample('Norway')],
      sample(),
    ];
    // Malmö has three votes and Bergen two, but Malmö is not in Norway
    expect(short(voteLevels(samples, 6))).toEqual(['Norway 4/6', 'Vestland 2/6', 'Bergen 2/6']);
    expect(voteLevels(samples, 6).levels[0]!.others).toEqual([{ name: 'Sweden', votes: 3 }]);
    expect(voteLevels(samples, 6).levels[1]!.others).toEqual([{ name: 'Oslo', votes: 1 }]);
  });
  it('takes names for one that differ in case, accents and marks', () => {
    expect(
      short(voteLevels([sample('Brazil', 'São Paulo'), sample('BRAZIL', 'Sao Paulo')])),
    ).toEqual(['Brazil 2/2', 'São Paulo 2/2']);
  });
  it('breaks a tie by what the samples have in common below', () => {
    const tied = [
      ...[sample('Sweden', 'Skåne'), sample('Sweden', 'Halland')],
      ...[sample('Norway', 'Vestland'), sample('Norway', 'Vestland')],
    ];
    expect(short(voteLevels(tied))).toEqual(['Norway 2/4', 'Vestland 2/4']);
  });
  it('ends where too few agree, and says what they name', () => {
    const samples = [
      ...[sample('Chad', 'Lac', 'Bol'), sample('Chad', 'Lac', 'Liwa'), sample('Chad', 'Batha')],
    ];
    expect(short(voteLevels(samples))).toEqual(['Chad 3/3', 'Lac 2/3']);
    expect(voteLevels(samples).undecided).toEqual({
      ...{ level: 'city', of: 3 },
      names: [
        { name: 'Bol', votes: 1 },
        { name: 'Liwa', votes: 1 },
      ],
    });
    // two of six are a third, two of seven are less
    const many = (count: number) => [
      ...[sample('Chad'), sample('Chad'), sample('Niger'), sample('Mali'), sample('Togo')],
      ...Array.from({ length: count - 5 }, () => sample()),
    ];
    expect(short(voteLevels(many(6)))).toEqual(['Chad 2/6']);
    expect(short(voteLevels(many(7)))).toEqual([]);
    expect(voteLevels(many(7)).undecided?.level).toBe('country');
  });
  it('ends where nobody names more, and is empty when nobody names anything', () => {
    expect(short(voteLevels([sample('Chad'), sample('Chad', 'Lac'), sample('Chad')]))).toEqual([
      'Chad 3/3',
    ]);
    expect(short(voteLevels([sample('Chad'), sample('Chad'), sample()]))).toEqual(['Chad 2/3']);
    const nothing = { levels: [], undecided: null };
    expect(voteLevels([sample(), sample()])).toEqual(nothing);
    expect(voteLevels([])).toEqual(nothing);
    expect(short(voteLevels([sample('Chad')]))).toEqual(['Chad 1/1']);
  });
});
