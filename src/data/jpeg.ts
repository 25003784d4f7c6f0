/**
 * JPEG in and out, in pure JavaScript.
 *
 * Decoding keeps pixels only: no metadata survives it. Damaged files are refused, not guessed at
 * (jpeg-js skips missing blocks unless told otherwise), and so are files that would unpack to more
 * memory than a photograph needs.
 * @module
 */
import jpeg from 'jpeg-js';
import { GeorError, invariant } from '../core/index.ts';
import { encodeBaselineJpeg } from './jpeg-encoder.ts';
import type { Picture } from './picture.ts';

/** A 100-megapixel camera, and the working memory that jpeg-js asks for at that size. */
const LIMITS = { maxResolutionInMP: 100, maxMemoryUsageInMB: 1536 } as const;

/**
 * Decodes a JPEG (baseline or progressive; grey and CMYK become RGB). EXIF orientation is not
 * applied.
 *
 * @param name - what to call the file in the message when it is broken
 * @throws GeorError `image` when the bytes are not a whole JPEG
 */
export function decodeJpeg(bytes: Uint8Array, name = 'picture'): Picture {
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      ...LIMITS,
    });
    return { width, height, data };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeorError('image', `${name} is not a readable JPEG: ${reason}`, {
      hint: 'check that the file is complete; other formats have to be converted to JPEG first',
      cause,
    });
  }
}

/**
 * Encodes a picture as a baseline JPEG without metadata. Equal pixels give equal bytes.
 *
 * @param quality - 1 to 100
 */
export function encodeJpeg(picture: Picture, quality = 92): Uint8Array {
  const { width, height, data } = picture;
  invariant(data.length === width * height * 3, 'picture data do not fit its size');
  return encodeBaselineJpeg(picture, quality);
}
