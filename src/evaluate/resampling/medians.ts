/**
 * Bootstrap of medians: of one list, and of the difference of two on the same items.
 *
 * Both draw only what decides a median, and are exact all the same.
 * @module
 */
import { random } from '../../core/index.ts';
import { drawMedianRanks, drawMultinomial } from './draws.ts';
import type { ResampleOptions } from './interval.ts';

/** The value half way between two; equal infinities have themselves between them. */
const between = (low: number, high: number): number => (low === high ? low : (low + high) / 2);

/** The median of sorted numbers; `Infinity` counts as a value. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const n = sorted.length;
  return between(sorted[Math.floor((n - 1) / 2)]!, sorted[Math.ceil((n - 1) / 2)]!);
}

/** Medians of resamples of sorted numbers (at least one), `Infinity` among them or not. */
export function bootstrapMedians(
  sorted: ArrayLike<number>,
  { seed, resamples }: ResampleOptions,
): Float64Array {
  const source = random(seed, 'bootstrap', 'median');
  return Float64Array.from({ length: resamples }, () => {
    const [low, high] = drawMedianRanks(source, sorted.length);
    return between(sorted[low]!, sorted[high]!);
  });
}

/**
 * Standard deviations of a median's rank that are followed row by row. A resampled median falls
 * outside with a probability below 2e-15.
 */
const WINDOW_DEVIATIONS = 8;

/** One list in order, and which part of it can hold a resampled median. */
interface Window {
  /** Rows by rising value. */
  readonly order: Uint32Array;
  /** First and one past the last rank of the window. */
  readonly from: number;
  readonly to: number;
  /** Per row: -1 below the window, 0 in it, 1 above it. */
  readonly side: Int8Array;
}

function windowOf(values: Float64Array): Window {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => compare(values[i]!, values[j]!) || i - j,
  );
  const reach = Math.ceil((WINDOW_DEVIATIONS * Math.sqrt(n)) / 2) + 1;
  const from = Math.max(0, Math.floor(n / 2) - reach);
  const to = Math.min(n, Math.ceil(n / 2) + reach);
  const side = new Int8Array(n);
  for (let rank = 0; rank < n; rank++) side[order[rank]!] = rank < from ? -1 : rank < to ? 0 : 1;
  return { order, from, to, side };
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** The median of a resample, from how often each row of the window was drawn. */
function medianIn(
  { order, from, to }: Window,
  values: Float64Array,
  below: number,
  drawn: Uint16Array,
): number {
  const n = values.length;
  const wanted = [Math.floor((n + 1) / 2), Math.floor(n / 2) + 1];
  let seen = below;
  let low: number | undefined;
  for (let rank = from; rank < to; rank++) {
    const row = order[rank]!;
    seen += drawn[row]!;
    if (low === undefined && seen >= wanted[0]!) low = values[row]!;
    if (seen >= wanted[1]!) return between(low!, values[row]!);
  }
  return low ?? values[order[to - 1]!]!;
}

/**
 * `median(a) - median(b)` in resamples of the items, drawn together.
 *
 * Only rows near either middle are drawn one by one; of the others it matters how many are drawn from
 * below and from above, which is multinomial.
 *
 * @param a - per item, `Infinity` for none; of the same length as `b`, at least one
 * @returns NaN where both medians are infinite
 */
export function bootstrapMedianDifferences(
  a: Float64Array,
  b: Float64Array,
  { seed, resamples }: ResampleOptions,
): Float64Array {
  const source = random(seed, 'bootstrap', 'median difference');
  const n = a.length;
  const [windowA, windowB] = [windowOf(a), windowOf(b)];
  const near: number[] = [];
  /** Rows far from both middles: below both, below a only, below b only, above both; then near. */
  const sizes = new Int32Array(5);
  for (let row = 0; row < n; row++) {
    const [sideA, sideB] = [windowA.side[row]!, windowB.side[row]!];
    if (sideA === 0 || sideB === 0) near.push(row);
    else sizes[(sideA > 0 ? 2 : 0) + (sideB > 0 ? 1 : 0)]!++;
  }
  sizes[4] = near.length;
  const counts = new Int32Array(5);
  const drawn = new Uint16Array(n);
  return Float64Array.from({ length: resamples }, () => {
    drawMultinomial(source, n, sizes, counts);
    let belowA = counts[0]! + counts[1]!;
    let belowB = counts[0]! + counts[2]!;
    for (const row of near) drawn[row] = 0;
    for (let i = 0; i < counts[4]!; i++) {
      const row = near[source.integer(near.length)]!;
      drawn[row]!++;
      if (windowA.side[row]! < 0) belowA++;
      if (windowB.side[row]! < 0) belowB++;
    }
    return medianIn(windowA, a, belowA, drawn) - medianIn(windowB, b, belowB, drawn);
  });
}
