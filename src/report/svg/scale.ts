/**
 * Scales from data to drawing, and round numbers for their ticks.
 * @module
 */

/** A closed range, low end first. */
export type Extent = readonly [low: number, high: number];

/** Maps a value to a position. */
export type Scale = (value: number) => number;

/** `range[0] + (value - domain[0]) / (domain[1] - domain[0]) * (range[1] - range[0])`. */
export function linearScale(domain: Extent, range: Extent): Scale {
  const span = domain[1] - domain[0];
  const slope = span === 0 ? 0 : (range[1] - range[0]) / span;
  const start = span === 0 ? (range[0] + range[1]) / 2 : range[0];
  return (value) => start + (value - domain[0]) * slope;
}

/** Linear in the logarithm; values outside the domain are drawn at its ends. */
export function logScale(domain: Extent, range: Extent): Scale {
  const linear = linearScale([Math.log10(domain[0]), Math.log10(domain[1])], range);
  return (value) => linear(Math.log10(Math.min(Math.max(value, domain[0]), domain[1])));
}

/** Smallest and largest finite value; `undefined` when there is none. */
export function extentOf(values: Iterable<number | null | undefined>): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Widens an extent of one point, so that it can be drawn across. */
export function opened(extent: Extent): Extent {
  if (extent[0] !== extent[1]) return extent;
  const around = extent[0] === 0 ? 1 : Math.abs(extent[0]) * 0.1;
  return [extent[0] - around, extent[1] + around];
}

/** Round tick values and the step between them. */
export interface Ticks {
  readonly values: readonly number[];
  readonly step: number;
}

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, about `count` of them, inside the extent.
 *
 * @example ticks([0, 9.3], 5).values // [0, 2, 4, 6, 8]
 */
export function ticks(extent: Extent, count: number): Ticks {
  const rough = (extent[1] - extent[0]) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return { values: [extent[0]], step: 0 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.75) ?? 10) * power;
  const first = Math.ceil(extent[0] / step - 1e-9);
  const last = Math.floor(extent[1] / step + 1e-9);
  const values: number[] = [];
  for (let i = first; i <= last; i++) values.push(Number((i * step).toPrecision(12)));
  return { values, step };
}

/** The extent widened to whole ticks. */
export function niceExtent(extent: Extent, count: number): Extent {
  const { step } = ticks(extent, count);
  if (step === 0) return extent;
  const whole = (value: number): number => Number((value * step).toPrecision(12));
  return [whole(Math.floor(extent[0] / step + 1e-9)), whole(Math.ceil(extent[1] / step - 1e-9))];
}

/** Decimals that tell ticks of this step apart. */
export function tickDecimals(step: number): number {
  return step > 0 ? Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 2;
}
