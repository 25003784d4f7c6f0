/**
 * Bytes as text, in Node and in browsers.
 * @module
 */

/** How many bytes go through one call; functions take only so many arguments. */
const CHUNK = 0x8000;

/** Base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
