/**
 * Exact bootstrap distributions of small samples, and how far a sample is from one.
 * @module
 */

/** The statistic of all n^n resamples of n rows, each as likely as the others. */
export function enumerate(n: number, statistic: (rows: readonly number[]) => number): number[] {
  const out: number[] = [];
  const rows = new Array<number>(n).fill(0);
  const visit = (at: number): void => {
    if (at === n) out.push(statistic(rows));
    else
      for (let row = 0; row < n; row++) {
        rows[at] = row;
        visit(at + 1);
      }
  };
  visit(0);
  return out;
}

/** Largest distance between the two empirical distribution functions (Kolmogorov and Smirnov). */
export function ksDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, largest] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    // equal up to rounding counts as equal: sums come in another order
    const limit = value + 1e-9 * Math.max(1, Math.abs(value));
    while (i < x.length && x[i]! <= limit) i++;
    while (j < y.length && y[j]! <= limit) j++;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/** Beyond this a sample of n is not from the distribution, at one in a thousand (1.95 / sqrt(n)). */
export const ksLimit = (n: number): number => 1.95 / Math.sqrt(n);

/** The median, by sorting. */
export function plainMedian(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)]!,
    sorted[Math.ceil((sorted.length - 1) / 2)]!,
  ];
  return low === high ? low : (low + high) / 2;
}
