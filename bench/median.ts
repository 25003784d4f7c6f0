/**
 * What a benchmark reports of its rounds.
 * @module
 */

/** The middle of some timings; the upper of two middles. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
