/**
 * The byte-level alphabet: one printable character for each of the 256 bytes, so that a tokenizer
 * over characters is a tokenizer over bytes and no text is unknown.
 *
 * Source: GPT-2 `bytes_to_unicode` (Radford et al. 2019), as Hugging Face's `ByteLevel` has it:
 * printable Latin-1 bytes stand for themselves, the other 68 take U+0100 and up, in byte order.
 * @module
 */

const standsForItself = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** The character of each byte; index = byte. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(standsForItself(byte) ? byte : next++),
  );
})();

/** The same 256 characters by code point: the order in which a trained vocabulary lists them. */
export const ALPHABET: readonly string[] = BYTE_CHARACTERS.toSorted(
  (a, b) => a.charCodeAt(0) - b.charCodeAt(0),
);

const utf8 = new TextEncoder();

/** Text as byte characters: `'é'` becomes `'Ã©'`. A lone surrogate becomes U+FFFD first. */
export function toByteCharacters(text: string): string {
  let out = '';
  for (const byte of utf8.encode(text)) out += BYTE_CHARACTERS[byte];
  return out;
}
