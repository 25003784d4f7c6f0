/**
 * The named levels of an answer, read from labelled lines and JSON keys.
 *
 * `State`, `Region`, `Province` and the paper's `State / Administrative Region` are one level, as are
 * `City`, `Place` and `City or Place`. Of several lines for a level the last one with a name counts,
 * as for coordinates. Windows of fixed length keep this linear.
 * @module
 */
import { cleanName, LONGEST_NAME } from './names.ts';

/** The levels of a Chain of Region that have names. */
export interface NamedLevels {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
}

/** A label stands at most this far behind the start of its line, comma or brace. */
const DECORATION = 12;

const label =
  /(?<![\p{L}\d])(?:(country)|(state(?: ?\/ ?administrative region)?|administrative region|region|province)|(city(?: or place)?|place))["'*_]{0,3}[ \t]{0,3}[:=]["'*_]{0,3}/giu;
const follower = new RegExp(label.source, 'iu');
const lineStart = /(?:^|[\n{,;|>])[ \t"'*_#\-•.\d)]*$/;

/** The name after a label: quoted to the closing quote, else to the end of the line or next label. */
function nameAt(text: string, at: number, isQuoted: boolean): string | undefined {
  const window = text.slice(at, at + LONGEST_NAME);
  const end = isQuoted ? window.search(/["\n]/) : window.search(/[\n\r<}]/);
  let name = end < 0 ? window : window.slice(0, end);
  if (end < 0 && at + LONGEST_NAME < text.length) return undefined;
  const next = follower.exec(name);
  if (next && /[,;|][ \t"'*_]{0,8}$/.test(name.slice(0, next.index)))
    name = name.slice(0, next.index);
  return cleanName(name);
}

/** Reads the levels; what is not named is absent. */
export function readLevels(text: string): NamedLevels {
  const found: { country?: string; region?: string; city?: string } = {};
  for (const match of text.matchAll(label)) {
    const at = match.index;
    const decoration = text.slice(Math.max(0, at - DECORATION), at);
    if (!lineStart.test(at <= DECORATION ? `\n${decoration}` : decoration)) continue;
    const from = at + match[0].length;
    const opening = /^[ \t]*"/.exec(text.slice(from, from + 8));
    const name = nameAt(text, from + (opening?.[0].length ?? 0), opening !== null);
    if (name === undefined) continue;
    found[match[1] ? 'country' : match[2] ? 'region' : 'city'] = name;
  }
  return found;
}
