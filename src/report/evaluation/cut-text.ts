/**
 * Text from outside at a length that a page can bear.
 * @module
 */

/** The first `length` characters, never half of a surrogate pair, and how many were left out. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text[length - 1]!);
  const end = isHalf ? length - 1 : length;
  return `${text.slice(0, end)} … (${text.length - end} more characters)`;
}
