/**
 * Does a text decline to answer?
 *
 * Only asked of texts that hold no readable answer: many models first say that they cannot know and
 * then answer well. English phrases alone are known.
 * @module
 */

const declines =
  /\b(?:sorry|unable|impossible|not possible|not able|insufficient|can(?:no|['’])t|could ?n[o'’]t|won['’]t|decline|refuse)\b/i;
const unknown =
  /\b(?:country|city|place|lat(?:itude)?|lon(?:gitude)?|answer)["'*_]{0,3}\s{0,3}[:=>]\s{0,3}["'*_]{0,3}(?:unknown|n\/a|null|none|undetermined|not sure|unclear)\b/i;

/** Whether it says that it cannot or will not answer, or writes `unknown` for a name or number. */
export function declinesToAnswer(text: string): boolean {
  return declines.test(text) || unknown.test(text);
}
