/**
 * How an answer was read, in words.
 * @module
 */
import type { AnswerReading } from '../../evaluate/index.ts';

/** A reading as the page calls it. */
export const READING_WORDS: Readonly<Record<AnswerReading, string>> = {
  given: 'coordinates as given',
  strict: 'read to the letter',
  repaired: 'read with repairs',
  unreadable: 'no readable place in it',
  refusal: 'declined or empty',
  missing: 'no answer',
};
