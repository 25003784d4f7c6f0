/**
 * A tile as a picture with a name that says nothing about where it is.
 * @module
 */
import { sha256 } from '../../core/node/index.ts';
import type { Picture } from '../picture.ts';
import type { Earth } from './earth.ts';
import { cutTile, type TileOptions } from './tile.ts';

/** {@link cutTile} as a picture, ready for `encodeJpeg`. */
export function tilePicture(earth: Earth, options: TileOptions): Picture {
  return { width: options.sizePx, height: options.sizePx, data: cutTile(earth, options) };
}

/** A picture's name: the first 16 hexadecimal digits of the SHA-256 of its pixels. */
export function pictureId(picture: Picture): string {
  return sha256(picture.data).slice(0, 16);
}
