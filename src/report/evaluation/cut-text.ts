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

/** A name for a chart: at most `length` characters, the last an ellipsis where it was longer. */
export function shortName(text: string, length: number): string {
  // No character is longer than two units: enough of the text to count `length + 1` of them.
  const characters = [...text.slice(0, 2 * (length + 1))];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
