/**
 * How long a busy server asks to be left alone.
 *
 * Source: RFC 9110, section 10.2.3: seconds, or a date.
 * @module
 */

/**
 * Reads a `Retry-After` header.
 *
 * @param now - milliseconds since 1970
 * @returns milliseconds, 0 or more; `undefined` where the header is absent or says nothing
 */
export function retryAfterMs(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
