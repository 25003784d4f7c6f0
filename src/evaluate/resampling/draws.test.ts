import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { enumerate } from './distributions.test-support.ts';
import { drawBinomial, drawMedianRanks, drawMultinomial } from './draws.ts';

/** Binomial probabilities by Pascal's recurrence, independent of any logarithm of a factorial. */
function binomialProbabilities(n: number, p: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) {
    const next = new Array<number>(row.length + 1).fill(0);
    row.forEach((probability, k) => {
      next[k]! += probability * (1 - p);
      next[k + 1]! += probability * p;
    });
    row = next;
  }
  return row;
}

/** Pearson's statistic over cells that expect at least 10, and those cells. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [statistic, cells, restCount, restExpected] = [0, 0, 0, 0];
  probabilities.forEach((probability, k) => {
    const expected = probability * total;
    if (expected < 10) {
      restCount += counts[k] ?? 0;
      restExpected += expected;
      return;
    }
    statistic += ((counts[k] ?? 0) - expected) ** 2 / expected;
    cells++;
  });
  if (restExpected > 5) {
    statistic += (restCount - restExpected) ** 2 / restExpected;
    cells++;
  }
  return { statistic, cells };
}

/** Mean plus four standard deviations of chi-square: about one in ten thousand. */
const chiLimit = (cells: number): number => cells - 1 + 4 * Math.sqrt(2 * (cells - 1));

describe('drawBinomial', () => {
  it.each([
    [1, 0.5],
    [20, 0.05],
    [20, 0.95],
    [60, 0.3],
    [300, 0.5],
    [400, 0.04],
    [1000, 0.9],
  ])('draws counts of %i trials at %f as often as it should', (n, p) => {
    const source = random('binomial', n, p);
    const counts = new Array<number>(n + 1).fill(0);
    for (let i = 0; i < 50_000; i++) counts[drawBinomial(source, n, p)]!++;
    const { statistic, cells } = chiSquare(counts, binomialProbabilities(n, p));
    expect(statistic).toBeLessThan(chiLimit(cells));
  });

  it('has mean and variance of theory for a million trials', () => {
    const source = random('binomial', 'many');
    const [n, p, draws] = [1_000_000, 0.001, 20_000];
    const values = Array.from({ length: draws }, () => drawBinomial(source, n, p));
    const mean = values.reduce((sum, value) => sum + value, 0) / draws;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
    const sd = Math.sqrt(n * p * (1 - p));
    expect(Math.abs(mean - n * p)).toBeLessThan((4 * sd) / Math.sqrt(draws));
    expect(Math.abs(variance / sd ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
  });

  it('knows what is certain', () => {
    const source = random('binomial', 'certain');
    expect([drawBinomial(source, 0, 0.5), drawBinomial(source, 7, 0)]).toEqual([0, 0]);
    expect(drawBinomial(source, 7, 1)).toBe(7);
  });
});

describe('drawMultinomial', () => {
  it('gives out every draw, in proportion, and none to an empty cell', () => {
    const source = random('multinomial');
    const sizes = [5, 0, 1, 4];
    const sums = [0, 0, 0, 0];
    const counts = new Int32Array(4);
    for (let i = 0; i < 20_000; i++) {
      drawMultinomial(source, 10, sizes, counts);
      for (let k = 0; k < 4; k++) sums[k]! += counts[k]!;
    }
    expect(sums[0]! + sums[2]! + sums[3]!).toBe(200_000);
    expect(sums[1]).toBe(0);
    const { statistic } = chiSquare(sums, [0.5, 0, 0.1, 0.4]);
    expect(statistic).toBeLessThan(chiLimit(3));
  });
});

describe('drawMedianRanks', () => {
  it.each([1, 2, 3, 4, 5, 6])('draws the middle ranks of all resamples of %i rows', (n) => {
    const keyOf = (low: number, high: number) => low * n + high;
    const exact = enumerate(n, (rows) => {
      const sorted = rows.toSorted((a, b) => a - b);
      return keyOf(sorted[Math.floor((n - 1) / 2)]!, sorted[Math.ceil((n - 1) / 2)]!);
    });
    const probabilities = new Array<number>(n * n).fill(0);
    for (const key of exact) probabilities[key]! += 1 / exact.length;
    const source = random('ranks', n);
    const counts = new Array<number>(n * n).fill(0);
    for (let i = 0; i < 50_000; i++) counts[keyOf(...drawMedianRanks(source, n))]!++;
    expect(counts.filter((count, key) => count > 0 && probabilities[key] === 0)).toEqual([]);
    const { statistic, cells } = chiSquare(counts, probabilities);
    expect(statistic).toBeLessThan(Math.max(1e-9, chiLimit(cells)));
  });
});
