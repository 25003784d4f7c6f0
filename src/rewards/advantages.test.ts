import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupAdvantages } from './index.ts';

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

  it('only subtracts the mean without scale', () => {
    expect(groupAdvantages([1, 2, 3, 6], [0, 0, 0, 0], { scale: 'none' }).advantages).toEqual([
      -2, -1, 0, 3,
    ]);
  });

  it('is exactly zero in a group of equals, also where their mean is not representable', () => {
    const { advantages, zeroVarianceShare } = groupAdvantages([0.1, 0.1, 0.1, 7], [1, 1, 1, 2]);
    expect(advantages).toEqual([0, 0, 0, 0]);
    expect(zeroVarianceShare).toBe(1);
  });

  it('leaves unscored members out of mean, deviation and learning', () => {
    const scale = 'none';
    expect(groupAdvantages([1, null, 3], [0, 0, 0], { scale }).advantages).toEqual([-1, 0, 1]);
    const empty = groupAdvantages([null, null], [0, 0]);
    expect(empty).toEqual({ advantages: [0, 0], groupCount: 0, zeroVarianceShare: 0, meanStd: 0 });
  });

  it('refuses lists of different length', () => {
    expect(() => groupAdvantages([1, 2], [0])).toThrow('groups');
  });

  it('does not depend on the order of the batch, and sums to zero in each group', () => {
    const row = fc.tuple(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 24 }), (rows) => {
        const run = (list: typeof rows) =>
          groupAdvantages(
            list.map((r) => r[0]),
            list.map((r) => r[1]),
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
