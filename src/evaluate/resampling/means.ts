/**
 * Bootstrap of means over few or very many rows.
 *
 * Up to {@link DIRECT_ROWS} rows every resample draws its rows one by one: the bootstrap as defined.
 * Beyond, the sorted rows are cut into {@link STRATA} strata of nearly equal values; how many draws
 * fall in each is drawn exactly (multinomial), and what the rows of a stratum add around its mean is
 * drawn from a normal distribution of their variance. Mean and variance of the resampled mean are
 * then exact, and a stratum holds enough rows for the rest not to matter.
 * @module
 */
import { random } from '../../core/index.ts';
import { drawMultinomial } from './draws.ts';
import type { ResampleOptions } from './interval.ts';

/** Rows up to which every resample is drawn row by row. */
export const DIRECT_ROWS = 16_384;

/** Strata of a bootstrap with more rows. */
export const STRATA = 1024;

/** Mean of each of `resamples` resamples, row by row. */
function directMeans(values: Float64Array, { seed, resamples }: ResampleOptions): Float64Array {
  const source = random(seed, 'bootstrap', 'mean');
  const n = values.length;
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[source.integer(n)]!;
    return sum / n;
  });
}

interface Stratum {
  readonly size: number;
  readonly mean: number;
  readonly variance: number;
}

function stratum(values: Float64Array): Stratum {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { size: values.length, mean, variance };
}

function stratifiedMeans(values: Float64Array, { seed, resamples }: ResampleOptions): Float64Array {
  const source = random(seed, 'bootstrap', 'mean', 'strata');
  const sorted = values.slice().sort();
  const n = sorted.length;
  const edge = (i: number) => Math.floor((i * n) / STRATA);
  const strata = Array.from({ length: STRATA }, (_, i) =>
    stratum(sorted.subarray(edge(i), edge(i + 1))),
  );
  const sizes = Int32Array.from(strata, ({ size }) => size);
  const counts = new Int32Array(STRATA);
  return Float64Array.from({ length: resamples }, () => {
    drawMultinomial(source, n, sizes, counts);
    let sum = 0;
    let variance = 0;
    for (let i = 0; i < STRATA; i++) {
      sum += counts[i]! * strata[i]!.mean;
      variance += counts[i]! * strata[i]!.variance;
    }
    return (sum + Math.sqrt(variance) * source.normal()) / n;
  });
}

/**
 * Means of resamples of `values`.
 *
 * @param values - at least one, finite, in any order
 */
export function bootstrapMeans(values: Float64Array, options: ResampleOptions): Float64Array {
  return values.length <= DIRECT_ROWS
    ? directMeans(values, options)
    : stratifiedMeans(values, options);
}
