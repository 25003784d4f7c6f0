/**
 * Place names: as an answer holds them, and made comparable (case, diacritics, punctuation and a few
 * spellings of countries).
 * @module
 */

// Letters that Unicode does not decompose into a base letter and a mark.
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ə: 'e',
};

// What models write for countries whose canonical name is another, after the folding above.
const aliases: Readonly<Record<string, string>> = {
  usa: 'united states',
  us: 'united states',
  'united states of america': 'united states',
  uk: 'united kingdom',
  'great britain': 'united kingdom',
  uae: 'united arab emirates',
  czechia: 'czech republic',
  holland: 'netherlands',
  turkiye: 'turkey',
  burma: 'myanmar',
  swaziland: 'eswatini',
  'ivory coast': 'cote d ivoire',
};

/**
 * A name without case, diacritics and punctuation; a leading `the` goes.
 *
 * @example foldName('  Île-de-France ') // 'ile de france'
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðþłıħə]/g, (letter) => letters[letter]!)
    .replace(/[.'’‘ʻʼ`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^the /, '');
}

/** Whether two names of a place are one, by {@link foldName}; `isCountry` also knows aliases. */
export function isSameName(a: string, b: string, isCountry: boolean = false): boolean {
  const [first, second] = [foldName(a), foldName(b)];
  if (first === second) return first !== '';
  if (!isCountry) return false;
  return (aliases[first] ?? first) === (aliases[second] ?? second);
}

/** Names longer than this are prose. */
export const LONGEST_NAME = 200;

const noName = /^(?:n\/?a|unknown|undetermined|unclear|null|not sure|[-–—?.]*)$/i;
// Most names need nothing: seen at once, as training reads names by the million.
const isUnclean = /[<>{}*_"“”,;|]|[^\S ]|^ | $| {2}/;
const leading = /^[\s*_]+/;
const trailing = '*_,;| \t\n';

/** Without the characters of `set` at the end; a loop, because a pattern for it is quadratic. */
function trimmedEnd(text: string, set: string): string {
  let end = text.length;
  while (end > 0 && set.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

const named = (name: string): string | undefined =>
  name.length > LONGEST_NAME || noName.test(name) ? undefined : name;

/**
 * A name as an answer holds it: on one line, without the brackets of the contracts (`<>{}`), quotes
 * or emphasis around it and commas behind it. Nothing is left of `unknown`, `N/A` and the like.
 *
 * @example cleanName('**Biei\n Town**,') // 'Biei Town'
 */
export function cleanName(name: string): string | undefined {
  if (!isUnclean.test(name)) return named(name);
  let clean = name.replace(/[<>{}]/g, ' ').replace(/\s+/g, ' ');
  for (let before = ''; before !== clean; ) {
    before = clean;
    clean = trimmedEnd(clean.replace(leading, ''), trailing);
    const quotes = clean.split(/["“”]/).length - 1;
    // Around the name, or left over where one of two is missing; the quotes of `The "Old" Town` stay.
    if (quotes === 2 && /^["“].*["”]$/.test(clean)) clean = clean.slice(1, -1);
    else if (quotes === 1) clean = clean.replace(/^["“”]|["“”]$/, '');
  }
  return named(clean);
}
