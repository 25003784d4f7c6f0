/**
 * The size at which Qwen2.5-VL sees an image.
 *
 * Source: transformers, `smart_resize` of `Qwen2VLImageProcessor`, with its defaults. Python's
 * `round` takes halves to the even neighbour, so JavaScript's `Math.round` would differ.
 * @module
 */
import { GeorError } from '../core/index.ts';

/** Bounds of a resized image. */
export interface PixelBudget {
  /** Default 56 x 56. */
  readonly minPixels?: number;
  /** Default 28 x 28 x 1280. */
  readonly maxPixels?: number;
}

/** Images longer than this many times their width (or wider) are refused, as in the original. */
const MAX_ASPECT_RATIO = 200;

/** Rounds halves to even, as Python does. */
function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/**
 * Sides that are multiples of `factor`, near the image's own, with an area inside the budget and an
 * aspect ratio as close as that allows.
 *
 * @param factor - patch size x merge size, 28 for Qwen2.5-VL
 * @throws GeorError `image` for sides that are not positive or an aspect ratio above 200
 */
export function smartResize(
  { width, height }: { width: number; height: number },
  factor: number,
  { minPixels = 56 * 56, maxPixels = 28 * 28 * 1280 }: PixelBudget = {},
): { width: number; height: number } {
  if (!(width >= 1 && height >= 1))
    throw new GeorError('image', `an image of ${width} x ${height} pixels cannot be resized`);
  if (Math.max(width, height) / Math.min(width, height) > MAX_ASPECT_RATIO)
    throw new GeorError('image', `an image of ${width} x ${height} pixels is too long`, {
      hint: `crop it: one side may be at most ${MAX_ASPECT_RATIO} times the other`,
    });
  const nearest = (side: number): number => roundHalfEven(side / factor) * factor;
  const area = nearest(width) * nearest(height);
  if (area > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    const down = (side: number): number =>
      Math.max(factor, Math.floor(side / shrink / factor) * factor);
    return { width: down(width), height: down(height) };
  }
  if (area < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    const up = (side: number): number => Math.ceil((side * grow) / factor) * factor;
    return { width: up(width), height: up(height) };
  }
  return { width: nearest(width), height: nearest(height) };
}
