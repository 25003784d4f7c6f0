/**
 * What a terminal can show: colour depth, control sequences, and text that cannot break out of its
 * cell.
 * @module
 */

/** How many colours may be used. */
export type ColorDepth = 'none' | 'ansi' | '256' | 'truecolor';

/** The environment variables that decide about colour. */
export interface ColorEnvironment {
  readonly NO_COLOR?: string | undefined;
  readonly COLORTERM?: string | undefined;
  readonly TERM?: string | undefined;
}

/** Colour depth for a terminal; `NO_COLOR` set to anything but nothing turns colour off. */
export function colorDepth(isTty: boolean, environment: ColorEnvironment): ColorDepth {
  const { NO_COLOR, COLORTERM = '', TERM = '' } = environment;
  if (!isTty || (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return 'none';
  if (/truecolor|24bit/i.test(COLORTERM) || /-direct$/.test(TERM)) return 'truecolor';
  if (/256/.test(TERM)) return '256';
  return 'ansi';
}

const ESC = '\u001b[';

/** Control sequences (ECMA-48 and the synchronised-output mode that newer terminals know). */
export const CONTROL = {
  hideCursor: `${ESC}?25l`,
  showCursor: `${ESC}?25h`,
  beginFrame: `${ESC}?2026h`,
  endFrame: `${ESC}?2026l`,
  clearLine: `${ESC}K`,
  clearBelow: `${ESC}J`,
  reset: `${ESC}0m`,
  up: (lines: number): string => (lines > 0 ? `${ESC}${lines}A` : ''),
} as const;

/** A way of writing text, as a person reads it rather than as a number. */
export type Tone = 'strong' | 'quiet' | 'accent' | 'good' | 'bad';

const SGR: Readonly<Record<Tone, string>> = {
  strong: '1',
  quiet: '2',
  accent: '36',
  good: '32',
  bad: '31',
};

/** Text in a tone; unchanged without colour. */
export function toned(text: string, tone: Tone, depth: ColorDepth): string {
  return depth === 'none' || text === '' ? text : `${ESC}${SGR[tone]}m${text}${CONTROL.reset}`;
}

/**
 * Text from outside, made harmless: control characters (so no escape sequence), line breaks and
 * characters that change the direction of writing become blanks.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

// East Asian wide and emoji ranges, coarse: enough to keep place names in their cells.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NARROWEST = /[\p{Mn}\p{Me}\p{Cf}]/u;
const SEQUENCE = new RegExp(`${'\\u001b'}\\[[0-9;?]*[A-Za-z]`, 'g');

const cellsOf = (character: string): number =>
  NARROWEST.test(character) ? 0 : WIDE.test(character) ? 2 : 1;

/** Cells that text takes up; control sequences take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(SEQUENCE, '')) width += cellsOf(character);
  return width;
}

/** Plain text cut to at most `width` cells, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  let out = '';
  let used = 1;
  for (const character of text) {
    used += cellsOf(character);
    if (used > width) break;
    out += character;
  }
  return `${out}\u2026`;
}

/** Text filled up with blanks to `width` cells; what is too long is cut. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const short = cut(text, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(short)));
  return align === 'left' ? short + blanks : blanks + short;
}
