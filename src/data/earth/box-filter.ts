/**
 * Halving a picture by box averages: each new pixel is the rounded mean of the pixels it covers.
 * @module
 */
import type { Picture } from '../picture.ts';

/** Half as wide and half as high: means of 2 x 2 pixels, halves rounded up. Sides must be even. */
export function halved(picture: Picture): Picture {
  const width = picture.width >> 1;
  const height = picture.height >> 1;
  const from = picture.data;
  const to = new Uint8Array(width * height * 3);
  const stride = picture.width * 3;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0, above = 2 * y * stride; x < width; x++, above += 6) {
      const below = above + stride;
      for (let c = 0; c < 3; c++) {
        to[at++] =
          (from[above + c]! + from[above + 3 + c]! + from[below + c]! + from[below + 3 + c]! + 2) >>
          2;
      }
    }
  }
  return { width, height, data: to };
}

/** Half as wide, equally high: means of two neighbours, halves rounded up. The width must be even. */
export function halvedWidth(picture: Picture): Picture {
  const width = picture.width >> 1;
  const from = picture.data;
  const to = new Uint8Array(width * picture.height * 3);
  for (let at = 0, source = 0; at < to.length; source += 6) {
    for (let c = 0; c < 3; c++) {
      to[at++] = (from[source + c]! + from[source + 3 + c]! + 1) >> 1;
    }
  }
  return { width, height: picture.height, data: to };
}
