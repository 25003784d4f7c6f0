/**
 * Decimal digits of ASCII, without patterns: they are looked for in every completion.
 * @module
 */

const [ZERO, NINE] = [0x30, 0x39];

/** Whether a UTF-16 code is one of `0` to `9`; `NaN`, past the end of a text, is none. */
export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** The value of a digit. */
export const digitValue = (code: number): number => code - ZERO;

/** Where the digits from `start` on end; `start` itself where there are none. */
export function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** The first digit at or behind `from`, or -1. */
export function nextDigit(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (isDigit(text.charCodeAt(at))) return at;
  return -1;
}
