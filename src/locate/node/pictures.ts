/**
 * Pictures for backends: photographs through the guard, tiles from the embedded Earth.
 * @module
 */
import {
  decodeJpeg,
  type Earth,
  encodeJpeg,
  type GuardOptions,
  guardPhoto,
  pictureId,
  tilePicture,
} from '../../data/index.ts';
import type { Coordinate } from '../../geo/index.ts';
import type { GuardedPicture } from '../backend.ts';

/**
 * A photograph as pixels and nothing else.
 *
 * @param bytes - the file, whatever it is
 * @throws GeorError as `guardPhoto`
 */
export async function guardedPhoto(
  bytes: Uint8Array,
  options: GuardOptions,
): Promise<GuardedPicture> {
  const { jpeg, width, height, contentId, carried } = await guardPhoto(bytes, options);
  return {
    ...{ contentId, width, height, carried },
    jpeg: async () => jpeg,
    pixels: async () => decodeJpeg(jpeg),
  };
}

/** A tile around a coordinate, which goes to a model without it. */
export function guardedTile(
  earth: Earth,
  at: Coordinate,
  tile: { readonly spanDegrees: number; readonly sizePx: number },
): GuardedPicture {
  const { lat, lon } = at;
  const picture = tilePicture(earth, { lat, lon, ...tile });
  const { width, height } = picture;
  return {
    ...{ contentId: pictureId(picture), width, height },
    jpeg: async () => encodeJpeg(picture),
    pixels: async () => picture,
  };
}
