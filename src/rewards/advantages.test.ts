import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdvantageEstimator, dynamicSampling, groupAdvantages } from './index.ts';

describe('groupAdvantages', () => {
  it('gives the values worked by hand', () => {
    // Group a: 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, sample std sqrt(14 / 3).
    const { advantages, zeroVarianceShare, groupCount, meanStd } = groupAdvantages(
      [1, 0.5, 2, 0.5, 3, 6],
      ['a', 'b', 'a', 'b', 'a', 'a'],
    );
    const std = Math.sqrt(14 / 3);
    const expected = [-2, 0, -1, 0, 0, 3].map((difference) => difference / (std + 1e-4));
    for (const [i, value] of expected.entries()) expect(advantages[i]).toBeCloseTo(value, 12);
    expect(zeroVarianceShare).toBe(0.5);
    expect(groupCount).toBe(2);
    expect(meanStd).toBeCloseTo(std / 2, 12);
  });

  it('only subtracts the mean under `mean`', () => {
    expect(groupAdvantages([1, 2, 3, 6], [0, 0, 0, 0], { estimator: 'mean' }).advantages).toEqual([
      -2, -1, 0, 3,
    ]);
  });

  it('divides by the deviation of the whole batch under `batch-std`', () => {
    // 1, 3, 4, 4 scored: mean 3, squares 4 + 0 + 1 + 1, deviation sqrt(6 / 3); the flat group stays 0
    const { advantages } = groupAdvantages([1, 3, 4, 4, null], [0, 0, 1, 1, 0], {
      estimator: 'batch-std',
    });
    const one = 1 / (Math.SQRT2 + 1e-4);
    for (const [i, expected] of [-one, one, 0, 0, 0].entries())
      expect(advantages[i]).toBeCloseTo(expected, 12);
  });

  it('compares with the others under `leave-one-out`', () => {
    // 1 against (2 + 3 + 6) / 3, 2 against 10 / 3, 3 against 3, 6 against 2
    const { advantages } = groupAdvantages([1, 2, 3, 6, 9], [0, 0, 0, 0, 1], {
      estimator: 'leave-one-out',
    });
    for (const [i, expected] of [-8 / 3, -4 / 3, 0, 4, 0].entries())
      expect(advantages[i]).toBeCloseTo(expected, 12);
  });

  it('is exactly zero in a group of equals, also where their mean is not representable', () => {
    const { advantages, zeroVarianceShare } = groupAdvantages([0.1, 0.1, 0.1, 7], [1, 1, 1, 2]);
    expect(advantages).toEqual([0, 0, 0, 0]);
    expect(zeroVarianceShare).toBe(1);
  });

  it('leaves unscored members out of mean, deviation and learning', () => {
    const estimator = 'mean';
    expect(groupAdvantages([1, null, 3], [0, 0, 0], { estimator }).advantages).toEqual([-1, 0, 1]);
    const empty = groupAdvantages([null, null], [0, 0]);
    expect(empty).toEqual({ advantages: [0, 0], groupCount: 0, zeroVarianceShare: 0, meanStd: 0 });
  });

  it('refuses lists of different length', () => {
    expect(() => groupAdvantages([1, 2], [0])).toThrow('groups');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a reward of %f', (reward) => {
    expect(() => groupAdvantages([1, reward], [0, 0])).toThrow(`reward 1 is ${reward}`);
    expect(() => dynamicSampling([1, reward], [0, 0])).toThrow(`reward 1 is ${reward}`);
  });

  it('does not depend on the order of the batch, and sums to zero in each group', () => {
    const row = fc.tuple(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    const estimators = fc.constantFrom<AdvantageEstimator>(
      ...(['std', 'mean', 'batch-std', 'leave-one-out'] as const),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 24 }), estimators, (rows, estimator) => {
        const run = (list: typeof rows) =>
          groupAdvantages(
            list.map((r) => r[0]),
            list.map((r) => r[1]),
            { estimator },
          ).advantages;
        const forward = run(rows);
        const backward = run(rows.toReversed()).toReversed();
        const sums = [0, 0, 0, 0];
        for (const [i, value] of forward.entries()) {
          expect(value).toBeCloseTo(backward[i]!, 6);
          sums[rows[i]![1]]! += value;
        }
        for (const sum of sums) expect(sum).toBeCloseTo(0, 6);
      }),
    );
  });
});

describe('dynamicSampling', () => {
  it('keeps the groups whose rewards differ', () => {
    const rewards = [1, 0.1, 0, 0.1, 3, null, null, 5, null, 5];
    const groups = ['a', 'b', 'a', 'b', 'c', 'c', 'd', 'e', 'e', 'e'];
    expect(dynamicSampling(rewards, groups)).toEqual({
      keep: groups.map((group) => group === 'a'),
      kept: ['a'],
      dropped: ['b', 'c', 'd', 'e'],
    });
  });

  it('asks for more spread than `minStd`', () => {
    const rewards = [0, 1, 0, 4]; // sample deviations 0.707 and 2.83
    expect(dynamicSampling(rewards, [1, 1, 2, 2], { minStd: 0.7 }).kept).toEqual([1, 2]);
    expect(dynamicSampling(rewards, [1, 1, 2, 2], { minStd: 0.8 }).kept).toEqual([2]);
  });

  it('drops exactly the groups that give no gradient', () => {
    const reward = fc.option(fc.constantFrom(0, 0.1, 0.5), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(reward, fc.nat(4)), { maxLength: 20 }), (rows) => {
        const [rewards, groups] = [rows.map((row) => row[0]), rows.map((row) => row[1])];
        const { advantages } = groupAdvantages(rewards, groups);
        const learns = new Set(groups.filter((_, i) => advantages[i] !== 0));
        const { kept, keep } = dynamicSampling(rewards, groups);
        expect(new Set(kept)).toEqual(learns);
        expect(keep).toEqual(groups.map((group) => learns.has(group)));
      }),
    );
  });
});
