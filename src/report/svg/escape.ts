/**
 * Text made safe for XML and HTML. Whatever a model wrote may pass through here.
 * @module
 */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters are what XML 1.0 forbids even as references; lone surrogates have no UTF-8.
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/gu;

/**
 * Escapes text for element content and for quoted attributes, and replaces characters that no XML
 * document may hold by U+FFFD.
 *
 * @example escapeText('<b> & "c"') // '&lt;b&gt; &amp; &quot;c&quot;'
 */
export function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}
