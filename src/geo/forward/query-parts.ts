/**
 * A query taken apart: `Portland (Maine), USA` is three parts.
 * @module
 */
import type { GeocodeLevel, PlaceNames } from '../geocode-match.ts';
import { foldName } from './fold-name.ts';
import { withoutKind, withoutRoughly } from './kind-words.ts';

/** One part of a query. */
export interface QueryPart {
  /** As it was written. */
  readonly text: string;
  /** What to look for, in this order, until something is found. */
  readonly keys: readonly string[];
  /** `CA` when that is all it says, for look-ups of codes; else empty. */
  readonly code: string;
  /** From brackets: it may narrow the answer down but never rules one out. */
  readonly isAside: boolean;
  /** The level its field says it has, in {@link PlaceNames}. */
  readonly level?: GeocodeLevel;
}

/** A query is read up to here; no place name is as long. */
const MAX_LENGTH = 1000;
/** Parts beyond these are not read. */
const MAX_PARTS = 16;

const SEPARATORS = /[,;|\n\r\t>，、；،؛]+|\s[-–—]\s/;
const BRACKETS = /[([{（【]([^()[\]{}（）【】]*)[)\]}）】]/g;
const ALTERNATIVES = /\s*\/\s*|\s+(?:or|aka|a\.k\.a\.)\s+/i;
/** `Country: France`, but not `12:30`. */
const LABEL = /^\s*\p{L}[\p{L} ]{2,20}[:：]/u;

/** Words that stand for no place at all, and words wider than any country. */
const NOT_PLACES = new Set([
  ...['', 'unknown', 'none', 'null', 'nil', 'na', 'n a', 'undefined', 'unclear', 'not sure'],
  ...['not specified', 'not available', 'not applicable', 'unspecified', 'i dont know', 'nowhere'],
  ...['unidentified', 'uncertain', 'cannot determine', 'indeterminate', 'unknown location'],
  ...['earth', 'world', 'planet earth', 'europe', 'asia', 'africa', 'oceania'],
  ...['north america', 'south america', 'central america', 'latin america', 'middle east'],
  ...['southeast asia', 'south east asia', 'east asia', 'south asia', 'western europe'],
  ...['eastern europe', 'scandinavia', 'the world', 'city', 'country', 'region'],
]);

/** Whether a folded name is a way to say that there is none, or a single letter. */
const isPlaceholder = (key: string): boolean => NOT_PLACES.has(key) || /^[a-z\d]$/.test(key);

/** The parts of a query, finest first, without those that name no place. */
export function queryParts(query: string | PlaceNames): QueryPart[] {
  if (typeof query === 'string') return textParts(query);
  const { city = '', region = '', country = '' } = query;
  return [
    ...textParts(city).map((part) => ({ ...part, level: 'city' as const })),
    ...textParts(region).map((part) => ({ ...part, level: 'region' as const })),
    ...textParts(country).map((part) => ({ ...part, level: 'country' as const })),
  ];
}

function textParts(text: string): QueryPart[] {
  const parts: QueryPart[] = [];
  for (const piece of text.slice(0, MAX_LENGTH).split(SEPARATORS).slice(0, MAX_PARTS)) {
    const asides: string[] = [];
    const bare = piece.replace(BRACKETS, (_, inside: string) => {
      asides.push(inside);
      return ' ';
    });
    const main = queryPart(bare.replace(LABEL, ''), false, foldName(piece));
    if (main) parts.push(main);
    for (const aside of asides) {
      const part = queryPart(aside, main !== null);
      if (part) parts.push(part);
    }
  }
  return parts;
}

/**
 * A part from its text, or null when it names no place.
 *
 * @param withAsides - the folded text with what stood in brackets: `Congo (Kinshasa)` is one name
 */
export function queryPart(text: string, isAside: boolean, withAsides = ''): QueryPart | null {
  const trimmed = text.trim();
  const whole = foldName(trimmed);
  if (isPlaceholder(whole)) return null;
  const alternatives = trimmed.split(ALTERNATIVES).map(foldName);
  const named = [withAsides, whole, ...(alternatives.length > 1 ? alternatives : [])].filter(
    (key) => !isPlaceholder(key),
  );
  const isCode = /^[A-Z]{2,3}$/.test(trimmed);
  const keys = [
    ...new Set([
      ...named,
      ...named.map(withoutKind),
      ...named.map((key) => withoutKind(withoutRoughly(withoutKind(key)))),
      ...named.map(umlautsShort),
    ]),
  ];
  return {
    text: trimmed,
    keys: keys.filter((key) => key !== ''),
    code: isCode ? trimmed : '',
    isAside,
  };
}

/** German spelled without umlauts: `Tuebingen` is in the tables as `tubingen`. */
const umlautsShort = (key: string): string => key.replace(/([aou])e/g, '$1');
