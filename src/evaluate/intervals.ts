/**
 * How sure a share is.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927). Unlike the textbook interval it stays in [0, 1] and is honest near 0 and 1.
 * @module
 */
import { invariant } from '../core/index.ts';

/** The 97.5th percentile of the standard normal: two-sided 95 %. */
const Z_95 = 1.959963984540054;

/** A count of n with its share and the 95 % Wilson interval, in percent [0, 100]. */
export interface Share {
  readonly count: number;
  readonly percent: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** The share `count / n` in percent. For n = 0 nothing is known: 0 within [0, 100]. */
export function wilsonShare(count: number, n: number): Share {
  invariant(count >= 0 && count <= n, `${count} of ${n} is no share`);
  if (n === 0) return { count, percent: 0, ciLow: 0, ciHigh: 100 };
  const share = count / n;
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return {
    count,
    percent: 100 * share,
    ciLow: count === 0 ? 0 : 100 * (centre - half),
    ciHigh: count === n ? 100 : 100 * (centre + half),
  };
}
