import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  enumerate,
  ksDistance,
  ksLimit,
} from '../evaluate/resampling/distributions.test-support.ts';
import {
  caveatOf,
  hierarchicalMeans,
  type SeedDifference,
  seedDifference,
  studentInterval,
  verdictOf,
} from './statistics.ts';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every resample of seeds and of tiles within them, each as likely as the others. */
function bruteForce(perSeed: readonly (readonly number[])[]): number[] {
  const tiles = perSeed[0]!.length;
  const within = perSeed.map((values) =>
    enumerate(tiles, (rows) => mean(rows.map((row) => values[row]!))),
  );
  return enumerate(perSeed.length, (seeds) => seeds as unknown as number).flatMap((_, at) => {
    const digits = Array.from(
      perSeed,
      (_, place) => Math.floor(at / perSeed.length ** place) % perSeed.length,
    );
    return digits.reduce<number[]>(
      (sums, seed) => sums.flatMap((sum) => within[seed]!.map((one) => sum + one / perSeed.length)),
      [0],
    );
  });
}

describe('hierarchicalMeans', () => {
  it.each([
    [
      [
        [0, 1, 5],
        [2, 2, 9],
      ],
    ],
    [
      [
        [1, -1],
        [3, 0],
        [-4, 8],
      ],
    ],
    [
      [
        [0, 0, 0],
        [10, 11, 12],
      ],
    ],
  ])('has the distribution of all resamples of %j', (perSeed) => {
    const resamples = 20_000;
    const drawn = hierarchicalMeans(perSeed, { seed: 3, resamples });
    expect(ksDistance(drawn, bruteForce(perSeed))).toBeLessThan(ksLimit(resamples));
  });

  it('is wider than tiles alone would have it where seeds disagree', () => {
    const agree = [
      Array(50)
        .fill(0)
        .map((_, i) => i % 2),
      Array(50)
        .fill(0)
        .map((_, i) => i % 2),
    ];
    const disagree = [agree[0]!, agree[1]!.map((value) => value + 3)];
    const width = (perSeed: number[][]): number => {
      const { low, high } = seedDifference(perSeed).interval;
      return high - low;
    };
    expect(width(disagree)).toBeGreaterThan(3 * width(agree));
  });
});

describe('studentInterval', () => {
  // t of R's qt(0.975, df): 4.302653 for 2, 2.262157 for 9, 2.228139 for 10, 2.000298 for 60
  it.each([
    [3, 4.302653],
    [10, 2.262157],
    [11, 2.228139],
    [61, 2.000298],
  ])('of %i values has the textbook quantile', (count, t) => {
    const values = Array.from({ length: count }, (_, i) => i * i);
    const center = mean(values);
    const deviation = Math.sqrt(
      values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (count - 1),
    );
    const { low, high } = studentInterval(values)!;
    expect((high - low) / 2 / (deviation / Math.sqrt(count))).toBeCloseTo(t, 3);
    expect((low + high) / 2).toBeCloseTo(center, 9);
  });

  it('is none for one value', () => {
    expect(studentInterval([1])).toBeNull();
  });
});

const found = (
  [low, high]: readonly [number, number],
  perSeed: readonly number[],
): SeedDifference => ({
  ...{ value: mean(perSeed), perSeed, interval: { low, high } },
  student: studentInterval(perSeed),
});

describe('verdictOf', () => {
  it.each([
    [[0.1, 0.3], [0.2, 0.2, 0.2], 'seen here'],
    [[-0.3, -0.1], [-0.2, -0.2, -0.2], 'not seen'],
    [[-0.1, 0.3], [0.1, 0.1, 0.1], 'undecided'],
    [[0, 0.3], [0.1, 0.1, 0.1], 'undecided'],
    [[-0.3, 0], [-0.1, -0.1, -0.1], 'undecided'],
    [[0.1, 0.3], [0.2, 0.2], 'undecided'],
    [[-0.3, -0.1], [-0.2], 'undecided'],
  ] as const)('of %j and seeds %j is %s', (ends, perSeed, verdict) => {
    expect(verdictOf(found(ends, perSeed))).toBe(verdict);
  });

  it('of a difference turned round is turned round', () => {
    const list = fc.array(fc.integer({ min: -9, max: 12 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 3, maxLength: 4 }), (perSeed) => {
        const of = (sign: number) =>
          verdictOf(seedDifference(perSeed.map((tiles) => tiles.map((value) => sign * value))));
        const turned = { 'seen here': 'not seen', 'not seen': 'seen here', undecided: 'undecided' };
        expect(of(-1)).toBe(turned[of(1)]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('caveatOf', () => {
  it('says that few seeds say nothing', () => {
    expect(caveatOf(found([0.1, 0.3], [0.2]))).toBe('one seed says nothing about others');
    expect(caveatOf(found([0.1, 0.3], [0.2, 0.1]))).toBe('2 seeds say nothing about others');
  });

  it('says where the seeds alone do not bear a verdict', () => {
    expect(caveatOf(found([0.1, 0.9], [0.1, 0.5, 0.9]))).toContain('not by the 3 seeds alone');
    expect(caveatOf(found([0.1, 0.9], [0.49, 0.5, 0.51]))).toBeUndefined();
    expect(caveatOf(found([-0.1, 0.9], [0.1, 0.5, 0.9]))).toBeUndefined();
  });
});

describe('seedDifference', () => {
  it('is the mean of the seeds, however many tiles each has', () => {
    const { value, perSeed } = seedDifference([[1, 2, 3, 4, 5], [0], [-3, -3]]);
    expect(perSeed).toEqual([3, 0, -3]);
    expect(value).toBe(0);
  });

  it('refuses nothing', () => {
    expect(() => seedDifference([])).toThrow('at least one seed');
    expect(() => seedDifference([[1], []])).toThrow('at least one seed');
  });
});
