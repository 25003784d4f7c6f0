/**
 * Regular expressions that cut a text into the pieces inside which byte pairs may merge.
 *
 * They are stored in `tokenizer.json` and run by Oniguruma (Python `tokenizers`) and by JavaScript,
 * so {@link chainPattern} keeps to what means the same in both: explicit ASCII classes, no `\s`,
 * `\d`, `\w`, `^`, `$` or `.`, no case folding, no Unicode properties (their tables differ between
 * Unicode versions).
 * @module
 */

/** Qwen2's split, also Qwen2.5 and Qwen2.5-VL: words, single digits, punctuation, white space. */
export const qwen2Pattern: string =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

// At the start of the text or of a line: up to 32 characters, ': ', and '(' when a number follows.
const label = '(?:\\n|(?<![^\\n]|\\n))[^\\n:(),.0-9]{1,32}: (?:\\((?=-?[0-9]))?';
// After a label, up to the end of the line; not when the line holds a number and nothing else.
const name = '(?<=: )(?![-0-9., ()]{1,64}(?![^\\n]))[^\\n]{1,64}(?![^\\n])';
// Anywhere else: a separator, a word with the space before it, or one character.
const rest = ', | ?[^\\n ,:;.()0-9-]{1,64}|[^\\n]|\\n';

/**
 * The split for Chain-of-Region answers, lines of `Label: name` that end in
 * `Coordinates: (43.45, 142.62)`. Pieces: a label with its line break (`\nCoordinates: (`), a whole
 * name up to the end of its line (`Biei Town`), each digit, `, `, `)`, `.`, `-`.
 *
 * So a frequent name can become one token, and a number is always one token per character: digits
 * never merge, which keeps a coordinate's length and alignment the same for every place. Lines
 * longer than 64 characters are prose and are cut into words.
 */
export const chainPattern: string = `${label}|${name}|${rest}`;
