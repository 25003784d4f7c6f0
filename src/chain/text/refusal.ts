/**
 * Does a text decline to answer?
 *
 * Only asked of texts that hold no readable answer: many models first say that they cannot know and
 * then answer well. English phrases alone are known.
 * @module
 */

const excuse =
  /\b(?:sorry|unable|impossible|not possible|not able|insufficient|can(?:no|['’])t|could ?n[o'’]t|won['’]t|decline|refuse)\b/i;
const unknown =
  /(?:^\s{0,9}|\b(?:country|city|place|lat(?:itude)?|lon(?:gitude)?|answer)["'*_]{0,3}\s{0,3}[:=]\s{0,3}["'*_]{0,3})(?:unknown|n\/a|null|none|undetermined|not sure|unclear)\b/i;

/** Whether a text says that it cannot or will not answer, or writes `unknown` for what is asked. */
export function declinesToAnswer(text: string): boolean {
  return isExcuse(text) || unknown.test(text);
}

/** Whether a text has the words of an excuse in it, such as `sorry` and `cannot`. */
export function isExcuse(text: string): boolean {
  return excuse.test(text);
}
