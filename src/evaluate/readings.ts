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

/** Words of declining, in the languages answers usually come in: English, with its contractions. */
const DECLINES =
  /\b(?:can(?:no|['’])t|can not|could(?: not|n['’]t)|unable to|not able to|impossible to|not possible to|won['’]t|refuse to|decline to|i(?: a|['’])m sorry|no idea|unknown)\b/i;

/**
 * Whether a text in which no answer was found declines to give one. Only its ends are looked at, where
 * refusals are said: the first and last 2,000 characters.
 */
export function isRefusal(text: string): boolean {
  const ends = text.length <= 4000 ? text : `${text.slice(0, 2000)}\n${text.slice(-2000)}`;
  return ends.trim() === '' || DECLINES.test(ends);
}

/** Rows per reading. @param codes - indices into {@link READINGS} */
export function countReadings(codes: Uint8Array): ReadingCounts {
  const counts = { given: 0, strict: 0, repaired: 0, unreadable: 0, refusal: 0, missing: 0 };
  for (const code of codes) counts[READINGS[code]!]++;
  return counts;
}
