/**
 * An image of any size as a model sees it: brought to size, cut into patches, normalised.
 *
 * Source: transformers, `Qwen2VLImageProcessorPil`; resizing is Pillow's to the byte.
 * @module
 */
import { DEFAULT_PREPROCESSOR, type PreprocessorConfig } from './checkpoint/index.ts';
import type { VisionConfig } from './config.ts';
import type { ImageGrid } from './image-grid.ts';
import { ImageProcessor, type RgbImage } from './image-processor.ts';
import { resizeBicubic } from './resize-bicubic.ts';
import { smartResize } from './smart-resize.ts';

/** One image in patches. */
export interface PreparedImage {
  readonly grid: ImageGrid;
  /** (patches, 3 x patch x patch), one frame, merge-group order. */
  readonly pixels: Float32Array;
}

/**
 * Prepares an image.
 *
 * @throws GeorError `image` for an image that is empty or longer than 200 times its width
 */
export function prepareImage(
  image: RgbImage,
  vision: VisionConfig,
  preprocessor: PreprocessorConfig = DEFAULT_PREPROCESSOR,
): PreparedImage {
  const factor = vision.patch_size * vision.spatial_merge_size;
  const size = smartResize(image, factor, preprocessor);
  const { data } = resizeBicubic(image, size.width, size.height);
  const processor = new ImageProcessor(vision, size, preprocessor);
  const pixels = new Float32Array(processor.size);
  processor.write(data, pixels, 0);
  return { grid: processor.grid, pixels };
}
