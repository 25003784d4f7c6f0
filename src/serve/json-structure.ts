/**
 * How much structure a long JSON body may have. Sixteen megabytes of brackets would fill a gigabyte and
 * stop the service for seconds, though no schema would ever let them through.
 * @module
 */
import { ApiError } from './api-error.ts';

/** Shorter bodies are not looked at: what they can do is bounded, and training sends them all day. */
export const UNCHECKED_BYTES = 4 * 1024 * 1024;
/** Objects and lists inside each other at most; the protocols here need 5. */
const DEPTH_LIMIT = 32;
/** Objects and lists of a body at most. */
const COUNT_LIMIT = 262_144;

const [QUOTE, BACKSLASH, LIST, OBJECT, LIST_END, OBJECT_END] = [...'"\\[{]}'].map((sign) =>
  sign.charCodeAt(0),
);

/**
 * Looks at the brackets outside of strings.
 *
 * @throws ApiError 413 for more of them, or deeper ones, than any request has.
 */
export function checkStructure(bytes: Uint8Array): void {
  if (bytes.length <= UNCHECKED_BYTES) return;
  let [depth, count, isString] = [0, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) isString = !isString;
    else if (isString) {
      if (byte === BACKSLASH) i++;
    } else if (byte === LIST || byte === OBJECT) {
      if (++depth > DEPTH_LIMIT || ++count > COUNT_LIMIT)
        throw new ApiError(
          413,
          'too-complex',
          `the body has more than ${depth > DEPTH_LIMIT ? `${DEPTH_LIMIT} levels` : `${COUNT_LIMIT} objects and lists`}`,
          'see /openapi.json for what is expected',
        );
    } else if (byte === LIST_END || byte === OBJECT_END) depth--;
  }
}
