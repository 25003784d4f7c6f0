/**
 * The numbers of a text that could be half of a coordinate, each with what stands around it.
 *
 * One pass; every look around a number is into a window of fixed length, so the time is linear in
 * the text whatever it holds.
 * @module
 */

import { digitsEnd, nextDigit } from './digits.ts';

/** A number in degrees and its circumstances. */
export interface DegreeNumber {
  /** Signed as written; the hemisphere is not applied. */
  readonly degrees: number;
  /** Where its label, hemisphere letter or first digit starts, and where all of it ends. */
  readonly start: number;
  readonly end: number;
  readonly label?: 'lat' | 'lon';
  readonly hemisphere?: 'N' | 'S' | 'E' | 'W';
  readonly hasDegreeSign: boolean;
  readonly hasMinutes: boolean;
  /** Written with decimals, so probably not a count or a year. */
  readonly hasDecimals: boolean;
  /** A sign or digit form outside the contract: `−` (U+2212), `–`, `.5`. */
  readonly isOddForm: boolean;
}

/** How far before and after a number is looked, in characters. */
const WINDOW = 32;

// Not inside a word, another number or a version; but `N48.85` is fine.
const number =
  /(?:(?<![\p{L}\d_.])|(?<=(?<!\p{L})[NSEW]))([+\-−–]?)(\d+(?:\.\d+)?|\.\d+)(?!\d|\.\d)/uy;
const before =
  /(?:(?<![A-Za-z])(?:(lat(?:itude)?)|lon(?:g(?:itude)?)?|lng)["'*_\s]{0,4}(?:[:=]|is\b)?["'*_\s]{0,4}|(?<![A-Za-z])([NSEW])\s?)$/i;
const angle =
  /^(\s?(?:°|º|deg(?:rees?)?(?![a-z])))(?:\s?(\d{1,2}(?:\.\d{1,9})?)\s?['′’](?!['’])(?:\s?(\d{1,2}(?:\.\d{1,9})?)\s?(?:["″”]|''|’’))?)?/;
const hemisphereAfter =
  /^\s?([NSEW](?![A-Za-z])|(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)(?![A-Za-z]))/;

type Hemisphere = 'N' | 'S' | 'E' | 'W';

/** The number whose first digit is at `digit`: prose has few, so the pattern is tried only there. It may begin with a sign, a point or both. */
function numberAt(text: string, digit: number, from: number): RegExpExecArray | null {
  for (let start = Math.max(from, digit - 2); start <= digit; start++) {
    number.lastIndex = start;
    const match = number.exec(text);
    if (match) return match;
  }
  return null;
}

/** All candidates for half a coordinate, in order of appearance. */
export function degreeNumbers(text: string): DegreeNumber[] {
  const found: DegreeNumber[] = [];
  let previousEnd = 0;
  let from = 0;
  for (let digit = nextDigit(text, 0); digit >= 0; digit = nextDigit(text, from)) {
    const match = numberAt(text, digit, from);
    if (!match) {
      from = digitsEnd(text, digit);
      continue;
    }
    const sign = match[1]!;
    const digits = match[2]!;
    const head = before.exec(text.slice(Math.max(previousEnd, match.index - WINDOW), match.index));
    const isLabelled = head !== null && head[2] === undefined;
    // A letter before a number counts only in upper case: in `s 5` and `e 5` it ends a word.
    const letter = head?.[2] && head[2] === head[2].toUpperCase() ? head[2] : undefined;
    let end = match.index + match[0].length;
    const tail = angle.exec(text.slice(end, end + WINDOW));
    end += tail?.[0].length ?? 0;
    // In `N48.85 E2.35` the letter after the first number belongs to the second.
    const trailing = letter ? null : hemisphereAfter.exec(text.slice(end, end + WINDOW));
    end += trailing?.[0].length ?? 0;
    const hemisphere = (letter ?? trailing?.[1]?.[0]?.toUpperCase()) as Hemisphere | undefined;
    const magnitude = Number(digits) + Number(tail?.[2] ?? 0) / 60 + Number(tail?.[3] ?? 0) / 3600;
    previousEnd = end;
    from = end;
    found.push({
      degrees: sign === '' || sign === '+' ? magnitude : -magnitude,
      start: match.index - (isLabelled || letter ? head![0].length : 0),
      end,
      ...(isLabelled ? { label: head[1] ? ('lat' as const) : ('lon' as const) } : {}),
      ...(hemisphere ? { hemisphere } : {}),
      hasDegreeSign: tail !== null,
      hasMinutes: tail?.[2] !== undefined,
      hasDecimals: digits.includes('.'),
      isOddForm: sign === '−' || sign === '–' || digits.startsWith('.'),
    });
  }
  return found;
}
