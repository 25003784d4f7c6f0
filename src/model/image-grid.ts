/**
 * The patches of an image.
 * @module
 */
import type { VisionConfig } from './config.ts';

/** How many patches an image is cut into. */
export interface ImageGrid {
  /** Patches from top to bottom; a multiple of the merge size. */
  readonly height: number;
  /** Patches from left to right; a multiple of the merge size. */
  readonly width: number;
}

/** Tokens of the language model that an image of this grid takes. */
export const imageTokenCount = (vision: VisionConfig, grid: ImageGrid): number =>
  (grid.height * grid.width) / vision.spatial_merge_size ** 2;

/** Numbers per patch of one frame: channels x patch x patch. */
export const patchLength = (vision: VisionConfig): number => 3 * vision.patch_size ** 2;

/** Rows and columns of patches as images are cut: the patches of a merge group together. */
export function patchOrder(
  { height, width }: ImageGrid,
  mergeSize: number,
): readonly { row: number; column: number }[] {
  const order: { row: number; column: number }[] = [];
  for (let top = 0; top < height; top += mergeSize)
    for (let left = 0; left < width; left += mergeSize)
      for (let row = top; row < top + mergeSize; row++)
        for (let column = left; column < left + mergeSize; column++) order.push({ row, column });
  return order;
}
