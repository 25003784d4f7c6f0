/**
 * Bootstrap of the difference of two shares on the same items.
 * @module
 */
import { random } from '../../core/index.ts';
import { drawMultinomial } from './draws.ts';
import type { ResampleOptions } from './interval.ts';

/**
 * Share of items only the first has minus share of items only the second has, in resamples.
 *
 * Items that agree cancel out, so three counts decide a resample, and those are multinomial: exact.
 *
 * @param onlyFirst - items right in the first alone, likewise `onlySecond`
 * @param n - all items
 */
export function bootstrapShareDifferences(
  onlyFirst: number,
  onlySecond: number,
  n: number,
  { seed, resamples }: ResampleOptions,
): Float64Array {
  const source = random(seed, 'bootstrap', 'share difference');
  const sizes = [onlyFirst, onlySecond, n - onlyFirst - onlySecond];
  const counts = new Int32Array(3);
  return Float64Array.from({ length: resamples }, () => {
    drawMultinomial(source, n, sizes, counts);
    return (counts[0]! - counts[1]!) / n;
  });
}
