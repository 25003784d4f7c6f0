/**
 * Draws that a bootstrap of many rows needs: binomial counts, multinomial counts, order statistics.
 *
 * Each is exact in distribution, so a resample of a million rows need not draw a million numbers.
 * @module
 */
import type { Random } from '../../core/index.ts';

/** ln(k!) by Stirling's series from 10 on (error below 1e-13 there), by the product below. */
function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  const inverse = 1 / k;
  const square = inverse * inverse;
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) * inverse;
  return (k + 0.5) * Math.log(k) - k + 0.9189385332046728 + series;
}

/** Few successes expected: walk up the probabilities until they pass a uniform number. */
function binomialByInversion(source: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let left = source.uniform();
  let k = 0;
  while (left > probability && k < n) {
    left -= probability;
    k++;
    probability *= (odds * (n - k + 1)) / k;
  }
  return k;
}

/**
 * Many successes expected: transformed rejection.
 *
 * Source: W. Hoermann, "The generation of binomial random variates", Journal of Statistical
 * Computation and Simulation 46 (1993), algorithm BTRS with its constants.
 */
function binomialByRejection(source: Random, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const accepted = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const atMode = logFactorial(mode) + logFactorial(n - mode);
  for (;;) {
    const u = source.uniform() - 0.5;
    const v = source.uniform();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (k < 0 || k > n) continue;
    if (edge >= 0.07 && v <= accepted) return k;
    const height = Math.log((v * alpha) / (a / (edge * edge) + b));
    if (height <= atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) return k;
  }
}

/** How many of `n` independent trials succeed, each with probability `p` in [0, 1]. */
export function drawBinomial(source: Random, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(source, n, 1 - p);
  return n * p < 10 ? binomialByInversion(source, n, p) : binomialByRejection(source, n, p);
}

/**
 * Splits `draws` over cells in proportion to their sizes, cell by cell.
 *
 * @param sizes - rows per cell; their sum is what is drawn from
 * @param counts - filled with the draws per cell
 */
export function drawMultinomial(
  source: Random,
  draws: number,
  sizes: ArrayLike<number>,
  counts: Float64Array | Int32Array,
): void {
  let rows = 0;
  for (let i = 0; i < sizes.length; i++) rows += sizes[i]!;
  let left = draws;
  for (let i = 0; i < sizes.length; i++) {
    const count = drawBinomial(source, left, sizes[i]! / rows);
    counts[i] = count;
    left -= count;
    rows -= sizes[i]!;
  }
}

/** A gamma variate of the given shape (at least 1) and scale 1. Marsaglia and Tsang, TOMS 26 (2000). */
function drawGamma(source: Random, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = source.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - source.uniform();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * The ranks, in sorted data of `n` rows, of the two middle values of one resample of `n` rows; for
 * odd `n` they are the same.
 *
 * A resample is `n` uniform draws of a rank, so its k-th smallest rank is the k-th smallest of `n`
 * uniform numbers, scaled up. Those are ratios of sums of exponentials, hence of three gammas.
 */
export function drawMedianRanks(source: Random, n: number): readonly [number, number] {
  const below = Math.floor((n + 1) / 2);
  const low = drawGamma(source, below);
  const gap = n % 2 === 0 ? drawGamma(source, 1) : 0;
  const above = n + 1 - below - (n % 2 === 0 ? 1 : 0);
  const total = low + gap + drawGamma(source, above);
  const rank = (share: number) => Math.min(n - 1, Math.floor(n * share));
  return [rank(low / total), rank((low + gap) / total)];
}
