/**
 * How sure a difference between arms is, over tiles and over seeds.
 *
 * Two things vary: which tiles were held out, and what a seed made of training (its tiles, its first
 * parameters, its samples). The bootstrap follows them: seeds are drawn first, then tiles within each
 * drawn seed, both with replacement (Davison and Hinkley, "Bootstrap Methods and their Application",
 * 1997, section 3.8, strategy 1 with resampling at both levels).
 *
 * With few seeds this interval is too narrow, since it only knows the seeds there are. So Student's
 * interval of the seeds' own means is given beside it, and a verdict that it does not bear is marked.
 * @module
 */
import { GeorError, random } from '../core/index.ts';
import { mean, quantile } from '../evaluate/index.ts';

/** Resamples of an interval that decides. */
export const RESAMPLES = 2000;

/** A verdict needs at least this many seeds. */
export const LEAST_SEEDS = 3;

/** Ends of a 95 % interval. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** A mean difference per tile, over seeds. */
export interface SeedDifference {
  /** Mean of the seeds' means. */
  readonly value: number;
  readonly perSeed: readonly number[];
  /** Hierarchical bootstrap. */
  readonly interval: Ends;
  /** Student's, of the seeds' means; `null` for one seed. */
  readonly student: Ends | null;
}

/** What the papers say, and what was found. */
export type ClaimVerdict = 'seen here' | 'not seen' | 'undecided';

/**
 * Means of resamples: seeds with replacement, in each its tiles with replacement.
 *
 * @param perSeed - values per tile, a list per seed; no list is empty
 */
export function hierarchicalMeans(
  perSeed: readonly (readonly number[])[],
  { seed, resamples = RESAMPLES }: { readonly seed: number; readonly resamples?: number },
): Float64Array {
  const source = random(seed, 'bootstrap', 'seeds and tiles');
  return Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (let k = 0; k < perSeed.length; k++) {
      const tiles = perSeed[source.integer(perSeed.length)]!;
      let sum = 0;
      for (let i = 0; i < tiles.length; i++) sum += tiles[source.integer(tiles.length)]!;
      total += sum / tiles.length;
    }
    return total / perSeed.length;
  });
}

/** The 97.5th percentile of Student's t by degrees of freedom, 1 to 9; beyond, Cornish and Fisher. */
const T_975 = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622] as const;

function studentQuantile(degrees: number): number {
  const known = T_975[degrees - 1];
  if (known !== undefined) return known;
  const z = 1.959963984540054;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}

/** Student's 95 % interval of a mean of independent values; `null` for fewer than two. */
export function studentInterval(values: readonly number[]): Ends | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const variance =
    values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  const half = studentQuantile(values.length - 1) * Math.sqrt(variance / values.length);
  return { low: center - half, high: center + half };
}

/**
 * The mean difference with its intervals.
 *
 * @param perSeed - differences per tile, a list per seed
 * @throws GeorError `usage` when there is nothing to average
 */
export function seedDifference(
  perSeed: readonly (readonly number[])[],
  { seed = 1, resamples = RESAMPLES }: { seed?: number; resamples?: number } = {},
): SeedDifference {
  if (perSeed.length === 0 || perSeed.some((tiles) => tiles.length === 0))
    throw new GeorError('usage', 'a difference needs tiles of at least one seed');
  const means = perSeed.map(mean);
  const resampled = [...hierarchicalMeans(perSeed, { seed, resamples })];
  return {
    value: mean(means),
    perSeed: means,
    interval: { low: quantile(resampled, 0.025), high: quantile(resampled, 0.975) },
    student: studentInterval(means),
  };
}

const excludesZero = ({ low, high }: Ends): boolean => low > 0 || high < 0;

/**
 * The rule, fixed before any result: a claim says that a difference is above 0. It is `seen here` when
 * the hierarchical 95 % interval lies above 0, `not seen` when it lies below, else `undecided`; with
 * fewer than {@link LEAST_SEEDS} seeds always `undecided`.
 */
export function verdictOf({ interval, perSeed }: SeedDifference): ClaimVerdict {
  if (perSeed.length < LEAST_SEEDS || !excludesZero(interval)) return 'undecided';
  return interval.low > 0 ? 'seen here' : 'not seen';
}

/** What has to be said beside a verdict; nothing where the seeds bear it by themselves. */
export function caveatOf(difference: SeedDifference): string | undefined {
  const { perSeed, student } = difference;
  const seeds = perSeed.length;
  if (seeds < LEAST_SEEDS)
    return `${seeds === 1 ? 'one seed says' : `${seeds} seeds say`} nothing about others`;
  if (verdictOf(difference) === 'undecided' || (student && excludesZero(student))) return undefined;
  return `not by the ${seeds} seeds alone (Student's t)`;
}
