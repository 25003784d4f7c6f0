/**
 * Pixels to patches, as the Qwen2.5-VL image processor orders and normalises them.
 *
 * Source: transformers, `Qwen2VLImageProcessor`; mean and deviation are the
 * preprocessor's, CLIP's by default. One frame per image: a still image's second frame is a
 * copy (see `vision.ts`).
 * @module
 */
import { invariant } from '../core/index.ts';
import { DEFAULT_PREPROCESSOR, type PreprocessorConfig } from './checkpoint/index.ts';
import type { VisionConfig } from './config.ts';
import { type ImageGrid, patchLength, patchOrder } from './image-grid.ts';

/** An image as bytes: rows from the top, red, green, blue. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The patch grid of an image whose sides are multiples of patch x merge size. */
export function imageGrid(
  vision: VisionConfig,
  { width, height }: { width: number; height: number },
): ImageGrid {
  const unit = vision.patch_size * vision.spatial_merge_size;
  invariant(width % unit === 0 && height % unit === 0, `image sides must be multiples of ${unit}`);
  return { height: height / vision.patch_size, width: width / vision.patch_size };
}

/** Writes images of one size as patches. Made once per size: it holds the order of the pixels. */
export class ImageProcessor {
  readonly grid: ImageGrid;
  /** Numbers per image. */
  readonly size: number;
  readonly #source: Int32Array;
  readonly #table: readonly Float32Array[];

  constructor(
    vision: VisionConfig,
    sides: { width: number; height: number },
    { mean, deviation }: Pick<PreprocessorConfig, 'mean' | 'deviation'> = DEFAULT_PREPROCESSOR,
  ) {
    this.grid = imageGrid(vision, sides);
    this.size = this.grid.height * this.grid.width * patchLength(vision);
    this.#source = new Int32Array(this.size);
    const patch = vision.patch_size;
    let at = 0;
    for (const { row, column } of patchOrder(this.grid, vision.spatial_merge_size))
      for (let channel = 0; channel < 3; channel++)
        for (let y = 0; y < patch; y++)
          for (let x = 0; x < patch; x++)
            this.#source[at++] =
              ((row * patch + y) * sides.width + column * patch + x) * 3 + channel;
    this.#table = [0, 1, 2].map((channel) =>
      Float32Array.from(
        { length: 256 },
        (_, byte) => (byte / 255 - mean[channel]!) / deviation[channel]!,
      ),
    );
  }

  /** Patches of `rgb` (height x width x 3 bytes) into `out`, image number `index`. */
  write(rgb: Uint8Array, out: Float32Array, index: number): void {
    const start = index * this.size;
    for (let i = 0; i < this.size; i++) {
      const from = this.#source[i]!;
      out[start + i] = this.#table[from % 3]![rgb[from]!]!;
    }
  }
}
