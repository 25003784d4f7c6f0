/**
 * Quantiles, and intervals by resampling.
 *
 * Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7
 * (1979), the percentile interval. The resampling takes a seed, so a reported interval is the same
 * on every run.
 * @module
 */
import { GeorError, random } from '../core/index.ts';
import { quantileOfSorted } from './resampling/interval.ts';

/** How to resample. */
export interface BootstrapOptions {
  readonly seed: number;
  /** Default 2000. */
  readonly resamples?: number;
  /** Coverage, default 0.95. */
  readonly level?: number;
}

/** An estimate with the ends of its interval. */
export interface Estimate {
  readonly value: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/**
 * The q-quantile, linear between the two nearest values (type 7 of Hyndman and Fan 1996).
 *
 * `Infinity` counts as a value: the median is infinite when more than half of the values are.
 *
 * @param q - in [0, 1]; 0.5 is the median
 * @throws GeorError `usage` for no values, a NaN, or q outside [0, 1].
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0 || !(q >= 0 && q <= 1) || values.some(Number.isNaN))
    throw new GeorError('usage', `no ${q}-quantile of ${values.length} values`, {
      hint: 'give at least one number, none of them NaN, and q in [0, 1]',
    });
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * A statistic of `values` with its percentile bootstrap interval.
 *
 * @throws GeorError `usage` for no values.
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (sample: readonly number[]) => number,
  options: BootstrapOptions,
): Estimate {
  if (values.length === 0)
    throw new GeorError('usage', 'there is nothing to resample', {
      hint: 'give at least one value',
    });
  const { seed, resamples = 2000, level = 0.95 } = options;
  const source = random(seed, 'bootstrap');
  const sample = new Array<number>(values.length);
  const estimates: number[] = [];
  for (let i = 0; i < resamples; i++) {
    for (let k = 0; k < sample.length; k++) sample[k] = values[source.integer(values.length)]!;
    estimates.push(statistic(sample));
  }
  return {
    value: statistic(values),
    ciLow: quantile(estimates, (1 - level) / 2),
    ciHigh: quantile(estimates, (1 + level) / 2),
  };
}

/** The mean difference of two systems on the same items. */
export interface PairedDifference {
  readonly n: number;
  /** Mean of a - b. */
  readonly difference: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/**
 * Mean of `a[i] - b[i]` with its bootstrap interval. Pairs are resampled together, so what the two
 * systems find equally hard cancels out.
 *
 * @param a - scores per item: rewards, 0/1 for within a threshold, kilometres; finite
 * @throws GeorError `usage` when the lists differ in length, are empty or hold a non-finite value.
 * @example pairedDifference(rewardsAfter, rewardsBefore, { seed: 1 }) // ciLow > 0: better
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  options: BootstrapOptions,
): PairedDifference {
  if (a.length !== b.length)
    throw new GeorError('usage', `${a.length} and ${b.length} scores are not pairs`, {
      hint: 'give one score per item in both lists, in the same order',
    });
  const differences = a.map((value, i) => value - b[i]!);
  if (!differences.every(Number.isFinite))
    throw new GeorError('usage', 'a paired difference needs finite scores', {
      hint: 'an unanswered item has no distance: compare rewards or shares within a threshold',
    });
  const { value, ciLow, ciHigh } = bootstrapInterval(differences, mean, options);
  return { n: a.length, difference: value, ciLow, ciHigh };
}
