/**
 * The pictures of rows: tiles cut from the embedded Earth, or photographs through the guard.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { GeorError } from '../../core/index.ts';
import type { Earth } from '../earth/earth.ts';
import { pictureId, tilePicture } from '../earth/tile-picture.ts';
import { guardPhoto } from '../guard/guard-photo.ts';
import { encodeJpeg } from '../jpeg.ts';
import type { SourceRow } from '../sources/row.ts';

/** A picture that a row names; its name comes from its pixels and tells nothing of the place. */
export interface RowPicture {
  /** Where it goes, relative to the file of rows. */
  readonly path: string;
  readonly jpeg: Uint8Array;
}

/** Makes the picture of a row; a text says why there is none. */
export type PictureMaker = (row: SourceRow) => Promise<RowPicture | string>;

const pathOf = (contentId: string): string => `images/${contentId}.jpg`;

/** Cuts the pictures of rows from the embedded Earth. */
export interface TileMaker {
  readonly earth: Earth;
  readonly spanDegrees: number;
  readonly sizePx: number;
}

/** Pictures cut from the Earth around each row's coordinate. */
export function tilePictures({ earth, spanDegrees, sizePx }: TileMaker): PictureMaker {
  return async ({ lat, lon }) => {
    const pixels = tilePicture(earth, { lat, lon, spanDegrees, sizePx });
    return { path: pathOf(pictureId(pixels)), jpeg: encodeJpeg(pixels) };
  };
}

/**
 * 256 visual tokens of Qwen2.5-VL, which makes one of every 28 x 28 pixels: the whole number of them
 * nearest to the 200,000 pixels that GeoAgent's training script allows.
 */
export const DEFAULT_MAX_PIXELS: number = 256 * 28 * 28;

/**
 * Photographs from the path in each row's `photo`, through the guard.
 *
 * @param multipleOf - sides are rounded down to multiples of it, see `fitPixels`
 */
export function guardedPhotos(maxPixels: number, multipleOf = 1): PictureMaker {
  return async ({ photo }) => {
    if (photo === undefined) return 'the row names no picture';
    try {
      const { jpeg, contentId } = await guardPhoto(await readFile(photo), {
        maxPixels,
        multipleOf,
      });
      return { path: pathOf(contentId), jpeg };
    } catch (error) {
      // Without sharp no picture of the run can be read: that is not the row's failure.
      if (error instanceof GeorError && error.code === 'config') throw error;
      if (!(error instanceof Error)) throw error;
      return `${photo}: ${error.message}`;
    }
  };
}
