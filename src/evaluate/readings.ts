/**
 * How answers came to a coordinate, or did not.
 * @module
 */

/**
 * - `given`: the prediction row holds a coordinate.
 * - `strict`: the completion follows its contract to the letter.
 * - `repaired`: it could be read with repairs.
 * - `unreadable`: it holds no coordinate or name that can be read, or the given one is off the globe.
 * - `refusal`: it declines to answer, or there is nothing in it.
 * - `missing`: there is no prediction for the row.
 */
export const READINGS = [
  'given',
  'strict',
  'repaired',
  'unreadable',
  'refusal',
  'missing',
] as const;

/** One of {@link READINGS}. */
export type AnswerReading = (typeof READINGS)[number];

/** Rows per reading; they add up to `n`. */
export type ReadingCounts = Readonly<Record<AnswerReading, number>>;

/** Whether answers that had to be repaired count (`tolerant`) or are invalid (`strict`). */
export type ReadingMode = 'tolerant' | 'strict';

/** Rows per reading. @param codes - indices into {@link READINGS} */
export function countReadings(codes: Uint8Array): ReadingCounts {
  const counts = { given: 0, strict: 0, repaired: 0, unreadable: 0, refusal: 0, missing: 0 };
  for (const code of codes) counts[READINGS[code]!]++;
  return counts;
}
