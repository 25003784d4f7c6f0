import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { enumerate, ksDistance, ksLimit, plainMedian } from './distributions.test-support.ts';
import { percentileInterval } from './interval.ts';
import { bootstrapMeans, DIRECT_ROWS } from './means.ts';
import { bootstrapMedianDifferences, bootstrapMedians } from './medians.ts';
import { bootstrapShareDifferences } from './paired.ts';

const RESAMPLES = 20_000;
const options = { seed: 3, resamples: RESAMPLES };
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Distances as they are: a heavy tail, and some rows without an answer. */
function distances(n: number, name: string): Float64Array {
  const source = random('distances', name);
  return Float64Array.from({ length: n }, () =>
    source.uniform() < 0.1 ? Number.POSITIVE_INFINITY : 10 ** (4 * source.uniform()),
  );
}

describe('against all resamples of a small sample', () => {
  it('means', () => {
    const values = [1, 2, 4, 8, 16];
    const exact = enumerate(5, (rows) => mean(rows.map((row) => values[row]!)));
    const drawn = bootstrapMeans(Float64Array.from(values), options);
    expect(ksDistance(drawn, exact)).toBeLessThan(ksLimit(RESAMPLES));
    expect(
      ksDistance(
        drawn,
        exact.map((value) => value + 0.2),
      ),
    ).toBeGreaterThan(ksLimit(RESAMPLES));
  });

  it.each([
    ['odd', [3, 5, 8, 13, 40]],
    ['even', [3, 5, 8, 13]],
    ['with unanswered rows', [3, 5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]],
  ])('medians, %s', (_, values) => {
    const exact = enumerate(values.length, (rows) => plainMedian(rows.map((row) => values[row]!)));
    const drawn = bootstrapMedians(Float64Array.from(values), options);
    expect(ksDistance(drawn, exact)).toBeLessThan(ksLimit(RESAMPLES));
  });

  it.each([
    ['odd', [3, 5, 8, 13, 40], [9, 1, 2, 30, 4]],
    ['even', [3, 5, 8, 13], [4, 20, 1, 2]],
  ])('differences of medians, %s', (_, a, b) => {
    const of = (values: readonly number[], rows: readonly number[]) =>
      plainMedian(rows.map((row) => values[row]!));
    const exact = enumerate(a.length, (rows) => of(a, rows) - of(b, rows));
    const drawn = bootstrapMedianDifferences(Float64Array.from(a), Float64Array.from(b), options);
    expect(ksDistance(drawn, exact)).toBeLessThan(ksLimit(RESAMPLES));
  });

  it('differences of shares', () => {
    const sign = [1, 1, -1, 0, 0];
    const exact = enumerate(5, (rows) => mean(rows.map((row) => sign[row]!)));
    const drawn = bootstrapShareDifferences(2, 1, 5, options);
    expect(ksDistance(drawn, exact)).toBeLessThan(ksLimit(RESAMPLES));
  });
});

describe('against drawing every row', () => {
  it('the strata of many rows give the same distribution of the mean', () => {
    const values = distances(2 * DIRECT_ROWS, 'strata').map((d) => 5000 * Math.exp(-d / 1805));
    const resamples = 500;
    const drawn = bootstrapMeans(values, { seed: 1, resamples });
    const source = random('every row');
    const naive = Array.from({ length: resamples }, () => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[source.integer(values.length)]!;
      return sum / values.length;
    });
    expect(ksDistance(drawn, naive)).toBeLessThan(ksLimit(resamples / 2));
  });

  it('the strata keep the variance of rows that differ within one', () => {
    const source = random('one wide stratum');
    const n = 2 * DIRECT_ROWS;
    const values = Float64Array.from({ length: n }, (_, i) =>
      i < 32 ? 1e6 * source.uniform() : 0,
    );
    const [centre, square] = [values, values.map((value) => value * value)].map((list) =>
      mean([...list]),
    );
    const expected = Math.sqrt((square! - centre! ** 2) / n);
    const resamples = 4000;
    const drawn = [...bootstrapMeans(values, { seed: 1, resamples })];
    const sd = Math.sqrt(mean(drawn.map((value) => (value - centre!) ** 2)));
    expect(Math.abs(sd / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * resamples));
  });

  it('the window around the middle gives the same differences of medians', () => {
    const n = 600;
    const [a, b] = [distances(n, 'a'), distances(n, 'b')];
    const resamples = 1000;
    const drawn = bootstrapMedianDifferences(a, b, { seed: 1, resamples });
    const source = random('every pair');
    const naive = Array.from({ length: resamples }, () => {
      const rows = Array.from({ length: n }, () => source.integer(n));
      const of = (values: Float64Array) => plainMedian(rows.map((row) => values[row]!));
      return of(a) - of(b);
    });
    expect(ksDistance(drawn, naive)).toBeLessThan(ksLimit(resamples / 2));
  });
});

describe('the 95 % interval', () => {
  it('covers the truth about as often as it says', () => {
    const [sets, n] = [300, 120];
    const source = random('coverage');
    // exponential: mean 1, median ln 2
    let [means, medians] = [0, 0];
    for (let set = 0; set < sets; set++) {
      const values = Float64Array.from({ length: n }, () => -Math.log(1 - source.uniform())).sort();
      const own = { seed: set, resamples: 300 };
      const covers = (estimates: Float64Array, truth: number): number => {
        const { ciLow, ciHigh } = percentileInterval(estimates);
        return ciLow! <= truth && truth <= ciHigh! ? 1 : 0;
      };
      means += covers(bootstrapMeans(values, own), 1);
      medians += covers(bootstrapMedians(values, own), Math.LN2);
    }
    // 0.95 within three standard errors of 300 trials, and some skew for the mean
    for (const covered of [means, medians]) {
      expect(covered / sets).toBeGreaterThan(0.91);
      expect(covered / sets).toBeLessThan(0.985);
    }
  });

  it('is the same for a seed and another for another; an end beyond every answer is null', () => {
    const values = distances(300, 'seeds').filter(Number.isFinite);
    const of = (seed: number) =>
      percentileInterval(bootstrapMeans(values, { seed, resamples: 200 }));
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
    const half = Float64Array.from([1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    const { ciLow, ciHigh } = percentileInterval(
      bootstrapMedians(half, { seed: 1, resamples: 999 }),
    );
    expect([ciLow, ciHigh]).toEqual([1, null]);
  });
});
