/**
 * The picture of the Earth in the sizes that the globe draws from.
 * @module
 */
import type { EarthRaster } from './raster.ts';

/** The picture and its reductions, largest first, each half of the one before. */
export interface EarthPicture {
  readonly image: ImageBitmap;
  readonly sizes: readonly EarthRaster[];
}

/** Widths of the reductions kept for drawing. */
const WIDTHS = [4096, 2048, 1024] as const;

/** Loads the picture that ships with geor. */
export async function loadEarthPicture(address: string): Promise<EarthPicture> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the picture of the Earth did not come (${response.status})`);
  const image = await createImageBitmap(await response.blob());
  const sizes = WIDTHS.map((width): EarthRaster => {
    const height = width / 2;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, pixels: new Uint32Array(data.buffer) };
  });
  return { image, sizes };
}

/** The smallest size that still has a pixel for each of the screen, at the centre of the ball. */
export function sizeFor({ sizes }: EarthPicture, radiusPx: number): EarthRaster {
  const needed = 2 * Math.PI * radiusPx;
  return sizes.findLast(({ width }) => width >= needed * 0.8) ?? sizes[0]!;
}
