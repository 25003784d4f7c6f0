/**
 * Names made comparable: without accents, case, punctuation and the spellings of `Saint`.
 *
 * The gazetteer stores its other names in this form, so a change here needs the file rebuilt.
 * @module
 */

/** Letters that Unicode does not take apart, as they are spelled without their strokes. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŋ: 'ng',
  ə: 'a',
};

/** Words that are written short or long. */
const WORDS: Readonly<Record<string, string>> = {
  saint: 'st',
  sankt: 'st',
  sainte: 'ste',
  mount: 'mt',
  fort: 'ft',
};

/** A quick look, since nearly all names have none of them. */
const MAY_HAVE_WORD = /sai|sank|mou|fort/;
const PLAIN = /^[a-z ]*$/;
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
const WORD = new RegExp(`(?<![^ ])(?:${Object.keys(WORDS).join('|')})(?![^ ])`, 'g');
/** Accents and vowel points; vowel signs of Indic scripts are letters and stay. */
const MARKS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g;
const APOSTROPHES = /['`\u00b4\u2018-\u201b\u2032\u02b0-\u02ff]/g;
/** The dots of `D.C.`: after single letters. */
const INITIALS = /(?<=(?<![\p{L}\p{N}])\p{L})\./gu;
const SEPARATORS = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * The form in which names are compared.
 *
 * @returns words of letters and digits with one space between them; empty when there are none
 * @example foldName('Saint-Étienne') // 'st etienne'
 */
export function foldName(name: string): string {
  let text = name.toLowerCase();
  if (!PLAIN.test(text)) {
    text = text
      .normalize('NFKD')
      .replace(MARKS, '')
      .normalize('NFC')
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .replace(APOSTROPHES, '')
      .replace(INITIALS, '')
      .replaceAll('&', ' and ')
      .replace(SEPARATORS, ' ');
  }
  text = text.trim();
  return MAY_HAVE_WORD.test(text) ? text.replace(WORD, (word) => WORDS[word] ?? word) : text;
}
