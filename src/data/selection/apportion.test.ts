import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { apportion, largestRemainder, systematic } from './apportion.ts';

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const weights = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
  .filter((list) => sum(list) > 0);

describe('largestRemainder', () => {
  it('is the textbook example', () => {
    // Hamilton's method, 10 seats: quotas 4.7, 1.6, 1.58, 1.2, 0.61, 0.31
    const votes = [47_000, 16_000, 15_800, 12_000, 6_100, 3_100];
    expect(largestRemainder(10, votes)).toEqual([5, 2, 1, 1, 1, 0]);
  });

  it('gives an equal remainder to the earlier item', () => {
    expect(largestRemainder(2, [1, 1, 1])).toEqual([1, 1, 0]);
  });

  it('adds up and stays within one of the exact share', () => {
    fc.assert(
      fc.property(fc.nat(100_000), weights, (total, list) => {
        const parts = largestRemainder(total, list);
        expect(sum(parts)).toBe(total);
        parts.forEach((part, i) => {
          expect(Math.abs(part - (total * list[i]!) / sum(list))).toBeLessThan(1 + 1e-6);
        });
      }),
    );
  });
});

describe('systematic', () => {
  it('counts the whole steps between cumulative shares', () => {
    // Shares of 5: 0.5, 2, 1.5, 1; cumulative 0.5, 2.5, 4, 5
    expect(systematic(0)(5, [1, 4, 3, 2])).toEqual([0, 2, 2, 1]);
    expect(systematic(0.6)(5, [1, 4, 3, 2])).toEqual([1, 2, 1, 1]);
  });

  it('adds up and stays within one of the exact share, wherever it starts', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        weights,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (total, list, start) => {
          const parts = systematic(start)(total, list);
          expect(sum(parts)).toBe(total);
          parts.forEach((part, i) => {
            expect(Math.abs(part - (total * list[i]!) / sum(list))).toBeLessThan(1 + 1e-6);
          });
        },
      ),
    );
  });

  it('gives many small shares their due on average', () => {
    const list = [3, 1, 1, 2, 1, 1, 1];
    const source = random('systematic');
    const totals = list.map(() => 0);
    const runs = 20_000;
    for (let run = 0; run < runs; run++)
      systematic(source.uniform())(2, list).forEach((part, i) => {
        totals[i]! += part / runs;
      });
    // Standard error of a share of 0.2 in 20,000 runs: 0.003
    list.forEach((weight, i) => {
      expect(Math.abs(totals[i]! - (2 * weight) / 10)).toBeLessThan(0.015);
    });
  });
});

describe('apportion', () => {
  const options = {
    rounding: largestRemainder,
    redistributes: true,
    fillsUnweighted: false,
  } as const;

  it('shares out what the full items leave, by weight again', () => {
    // Due 5, 3, 2; the first has room for 1, so 4 are left for weights 3 and 2: 2.4 and 1.6
    expect(apportion(10, [5, 3, 2], [1, 100, 100], options)).toEqual([1, 5, 4]);
    // Now the second takes 4 in all, and the third the rest
    expect(apportion(10, [5, 3, 2], [1, 4, 100], options)).toEqual([1, 4, 5]);
  });

  it('leaves it when told to', () => {
    const left = { ...options, redistributes: false };
    expect(apportion(10, [5, 3, 2], [1, 100, 100], left)).toEqual([1, 3, 2]);
  });

  it('passes by items without weight, unless they are to fill up', () => {
    expect(apportion(10, [1, 0, 0], [4, 9, 9], options)).toEqual([4, 0, 0]);
    const fills = { ...options, fillsUnweighted: true };
    expect(apportion(10, [1, 0, 0], [4, 9, 9], fills)).toEqual([4, 3, 3]);
    expect(apportion(3, [0, 0], [1, 9], fills)).toEqual([1, 2]);
  });

  it('places what there is room for, and never more', () => {
    const items = fc.array(fc.tuple(fc.nat(50), fc.nat(40)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(1000), items, fc.nat(99), (total, list, start) => {
        const room = list.map(([, places]) => places);
        const given = apportion(
          total,
          list.map(([weight]) => weight),
          room,
          { rounding: systematic(start / 100), redistributes: true, fillsUnweighted: true },
        );
        expect(sum(given)).toBe(Math.min(total, sum(room)));
        given.forEach((got, i) => {
          expect(got).toBeGreaterThanOrEqual(0);
          expect(got).toBeLessThanOrEqual(room[i]!);
        });
      }),
    );
  });
});
