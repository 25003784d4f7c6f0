/**
 * Place names made comparable: case, diacritics, punctuation and a few spellings of countries.
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
