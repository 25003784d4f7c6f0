/**
 * How large a photograph may be when it goes on.
 * @module
 */
import { invariant } from '../../core/index.ts';

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The largest size of the same shape within a pixel budget; never larger than it was.
 *
 * @param maxPixels - the budget, `width * height`, at least 1
 * @param multipleOf - sides are rounded down to multiples of it (28 for Qwen2.5-VL, whose image
 *   tokens are 28 x 28 pixels); a side shorter than one multiple stays as it is
 */
export function fitPixels(size: PictureSize, maxPixels: number, multipleOf = 1): PictureSize {
  const { width, height } = size;
  invariant(width >= 1 && height >= 1 && maxPixels >= 1 && multipleOf >= 1, 'sizes start at 1');
  const scale = Math.min(1, Math.sqrt(maxPixels / (width * height)));
  const side = (length: number): number => {
    const scaled = Math.max(1, Math.floor(length * scale));
    return scaled < multipleOf ? scaled : scaled - (scaled % multipleOf);
  };
  // A picture thousands of times as long as wide keeps one pixel across, so its length gives way.
  const [across, down] = [side(width), side(height)];
  return {
    width: Math.min(across, Math.max(1, Math.floor(maxPixels / down))),
    height: Math.min(down, Math.max(1, Math.floor(maxPixels / across))),
  };
}
