/**
 * The ends of a bootstrap interval.
 * @module
 */

/** Ends of a 95 % interval; `null` for an end that is not finite (a median beyond every answer). */
export interface Interval {
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

/** How resampled estimates are drawn. */
export interface ResampleOptions {
  readonly seed: number;
  readonly resamples: number;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The value at quantile `q` of sorted numbers, linear in between; infinities stay infinite. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/**
 * The percentile interval of resampled estimates, 95 %.
 *
 * Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979).
 */
export function percentileInterval(estimates: Float64Array): Interval {
  const sorted = estimates.slice().sort();
  return {
    ciLow: finite(quantileOfSorted(sorted, 0.025)),
    ciHigh: finite(quantileOfSorted(sorted, 0.975)),
  };
}
