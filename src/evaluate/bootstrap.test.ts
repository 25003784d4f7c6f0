import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { bootstrapInterval, mean, pairedDifference, quantile } from './index.ts';

describe('quantile', () => {
  it('is linear between values, whatever their order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(quantile([100, 9], 0)).toBe(9); // numbers are not sorted as text
  });

  it('knows infinite values', () => {
    const far = Number.POSITIVE_INFINITY;
    expect(quantile([1, far, far], 0.5)).toBe(far);
    expect(quantile([1, 2, far], 0.5)).toBe(2);
    expect(quantile([1, far], 0.5)).toBe(far);
  });

  it('refuses nothing, NaN and shares beyond 1', () => {
    for (const [values, q] of [
      [[], 0.5],
      [[Number.NaN], 0.5],
      [[1], 1.1],
    ] as const)
      expect(() => quantile(values, q)).toThrow('quantile');
  });
});

describe('bootstrapInterval', () => {
  const source = random('normal sample');
  const values = Array.from({ length: 400 }, () => 3 + source.normal());

  it('is near the interval of theory for a mean: 1.96 / sqrt(n)', () => {
    const { value, ciLow, ciHigh } = bootstrapInterval(values, mean, { seed: 1 });
    expect(value).toBe(mean(values));
    expect(value - ciLow).toBeCloseTo(1.96 / 20, 1);
    expect(ciHigh - value).toBeCloseTo(1.96 / 20, 1);
    expect(ciHigh - ciLow).toBeGreaterThan(0.15);
    expect(ciHigh - ciLow).toBeLessThan(0.25);
  });

  it('is the same for the same seed, another for another, narrower for a lower level', () => {
    const run = (seed: number, level = 0.95) => bootstrapInterval(values, mean, { seed, level });
    expect(run(1)).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
    expect(run(1, 0.5).ciHigh).toBeLessThan(run(1).ciHigh);
    expect(() => bootstrapInterval([], mean, { seed: 1 })).toThrow('nothing to resample');
  });
});

describe('pairedDifference', () => {
  it('is a minus b, and certain when every pair differs by the same', () => {
    expect(pairedDifference([2, 3, 4], [1, 2, 3], { seed: 1 })).toEqual({
      n: 3,
      difference: 1,
      ciLow: 1,
      ciHigh: 1,
    });
  });

  it('turns its sign with the order of the systems', () => {
    const list = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(list, (pairs) => {
        const [a, b] = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
        const options = { seed: 1, resamples: 200 };
        const forward = pairedDifference(a, b, options);
        const backward = pairedDifference(b, a, options);
        expect(forward.difference).toBeCloseTo(-backward.difference, 12);
        expect(forward.ciLow).toBeCloseTo(-backward.ciHigh, 12);
        expect(forward.ciLow).toBeLessThanOrEqual(forward.ciHigh);
      }),
    );
  });

  it('is narrower than unpaired when items differ more than systems', () => {
    const source = random('items');
    const items = Array.from({ length: 100 }, () => 10 * source.uniform());
    const after = items.map((item) => item + 0.5 + 0.1 * source.normal());
    const { ciLow, ciHigh } = pairedDifference(after, items, { seed: 3 });
    expect(ciLow).toBeGreaterThan(0.4);
    expect(ciHigh).toBeLessThan(0.6);
  });

  it('refuses lists of different length, none, and infinite distances', () => {
    expect(() => pairedDifference([1], [1, 2], { seed: 1 })).toThrow('not pairs');
    expect(() => pairedDifference([], [], { seed: 1 })).toThrow('nothing to resample');
    expect(() => pairedDifference([Number.POSITIVE_INFINITY], [1], { seed: 1 })).toThrow('finite');
  });
});
