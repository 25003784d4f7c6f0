/**
 * Positions on the three axes of M-RoPE.
 *
 * Source: transformers, `Qwen2_5_VLModel.get_rope_index`, for prompts with still images: a text
 * token advances all axes together; an image's tokens share one time and count rows and columns;
 * the text after it starts one past the largest.
 * @module
 */
import type { ModelConfig } from './config.ts';
import type { ImageGrid } from './vision.ts';

/** Where the tokens of a prompt stand. */
export interface PromptPositions {
  /** Time, row and column of every token. */
  readonly axes: readonly [Int32Array, Int32Array, Int32Array];
  /** The position of the first token after the prompt, on all axes. */
  readonly next: number;
  /** Tokens of one image. */
  readonly imageTokens: number;
}

/** Positions of a prompt whose images all have `grid` patches. */
export function promptPositions(
  prompt: readonly number[],
  config: ModelConfig,
  grid: ImageGrid,
): PromptPositions {
  const merge = config.vision_config.spatial_merge_size;
  const [height, width] = [grid.height / merge, grid.width / merge];
  const axes = [0, 1, 2].map(() => new Int32Array(prompt.length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  let next = 0;
  for (let i = 0; i < prompt.length; i++) {
    if (prompt[i] !== config.image_token_id) {
      for (const axis of axes) axis[i] = next;
      next++;
      continue;
    }
    for (let k = 0; k < height * width; k++, i++) {
      axes[0][i] = next;
      axes[1][i] = next + Math.floor(k / width);
      axes[2][i] = next + (k % width);
    }
    i--;
    next += Math.max(height, width);
  }
  return { axes, next, imageTokens: height * width };
}
