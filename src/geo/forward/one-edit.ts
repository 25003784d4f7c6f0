/**
 * Spellings one edit away from a name: a letter left out, put in, replaced, or two swapped.
 *
 * They are generated and looked up one by one, so typing errors need no index of their own: some
 * 500 look-ups for a name of nine letters.
 * @module
 */

/** Letters to put in, by script; names in other scripts are only shortened and swapped. */
const ALPHABETS: readonly (readonly [RegExp, string])[] = [
  [/^[a-z ]+$/, 'abcdefghijklmnopqrstuvwxyz '],
  [/^[а-яіїєґ ]+$/, 'абвгдежзиклмнопрстуфхцчшщъыьэюяіє '],
  [/^[α-ω ]+$/, 'αβγδεζηθικλμνξοπρστυφχψως '],
];

/** Shorter names have too many neighbours to guess between. */
const MIN_LENGTH = 5;
/** Longer text is not a name with a typing error. */
const MAX_LENGTH = 40;

/** All spellings one edit away from a folded name, each once or a few times; none for short ones. */
export function* oneEditAway(name: string): Generator<string> {
  if (name.length < MIN_LENGTH || name.length > MAX_LENGTH) return;
  const alphabet = ALPHABETS.find(([script]) => script.test(name))?.[1] ?? '';
  for (let i = 0; i <= name.length; i++) {
    const before = name.slice(0, i);
    const after = name.slice(i + 1);
    if (i < name.length) {
      yield before + after;
      if (name[i] !== name[i + 1] && i + 1 < name.length)
        yield before + name[i + 1] + name[i] + name.slice(i + 2);
    }
    for (const letter of alphabet) {
      if (i < name.length && letter !== name[i]) yield before + letter + after;
      yield before + letter + name.slice(i);
    }
  }
}
