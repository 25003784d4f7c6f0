/**
 * Pieces of pictures for the eye. What a model sees is cut elsewhere, by the same code as in Node.
 * @module
 */
import { tileLonSpanDegrees } from '../../../src/data/browser/index.ts';
import type { TileCut } from '../shared/events.ts';

/** A tile as a canvas; it wraps at the antimeridian and ends at the poles. */
export function cropOf(
  image: ImageBitmap,
  { lat, lon, spanDegrees }: TileCut,
  sizePx: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = sizePx;
  canvas.height = sizePx;
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  const perDegree = image.width / 360;
  const width = tileLonSpanDegrees(lat, spanDegrees) * perDegree;
  const height = spanDegrees * perDegree;
  const left = (lon + 180) * perDegree - width / 2;
  const top = (90 - lat) * perDegree - height / 2;
  const scaleX = sizePx / width;
  const scaleY = sizePx / height;
  for (const turn of [-image.width, 0, image.width])
    context.drawImage(
      image,
      (turn - left) * scaleX,
      -top * scaleY,
      image.width * scaleX,
      image.height * scaleY,
    );
  return canvas;
}

const THUMBNAIL_PX = 96;

/** A small square of a picture, as a data address. */
export async function thumbnailOf(address: string): Promise<string> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const side = Math.min(image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement('canvas');
  canvas.width = THUMBNAIL_PX;
  canvas.height = THUMBNAIL_PX;
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    image,
    (image.naturalWidth - side) / 2,
    (image.naturalHeight - side) / 2,
    side,
    side,
    0,
    0,
    THUMBNAIL_PX,
    THUMBNAIL_PX,
  );
  return canvas.toDataURL('image/jpeg', 0.8);
}
