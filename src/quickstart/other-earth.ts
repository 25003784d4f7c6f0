/**
 * Another rendering of the Earth, to test on and never to train on: the same places in other colours.
 *
 * `earth-day.jpg` of the npm package three-globe 2.45.2 (1600 x 800 pixels, no sea floor) does not
 * ship with geor, since its origin is not stated; `scripts/fetch-earth-day.mjs` keeps it where it is
 * looked for here.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GeorError } from '../core/index.ts';
import { decodeJpeg, type Earth, earthFrom } from '../data/index.ts';

/** Where the picture is kept that is used when none is named. */
export const otherEarthPath: string = fileURLToPath(
  new URL('../../node_modules/.cache/geor/earth-day.jpg', import.meta.url),
);

/** The bytes of a picture of the Earth; undefined where none was named and none is kept. */
export function otherEarthBytes(named: string | undefined): Uint8Array | undefined {
  const path = named ?? otherEarthPath;
  if (named === undefined && !existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new GeorError('data', `cannot read the picture of the Earth ${path}`, { cause });
  }
}

/**
 * The picture as an Earth that tiles are cut from.
 *
 * @throws GeorError `image` when it is no JPEG, `data` when it is not twice as wide as high with
 *   sides divisible by 8
 */
export function otherEarthFrom(bytes: Uint8Array): Earth {
  const picture = decodeJpeg(bytes, 'the other picture of the Earth');
  const { width, height } = picture;
  if (width !== 2 * height || height % 8 !== 0)
    throw new GeorError('data', `a picture of the Earth cannot be ${width} x ${height} pixels`, {
      hint: 'it has to be equirectangular, twice as wide as high, with sides divisible by 8',
    });
  return earthFrom(picture);
}
