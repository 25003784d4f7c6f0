/**
 * Positions on the three axes of M-RoPE.
 *
 * Source: transformers, `Qwen2_5_VLModel.get_rope_index`, for prompts with still images: a text
 * token advances all axes together; an image's tokens share one time and count rows and columns;
 * the text after it starts one past the largest.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { ModelConfig } from './config.ts';
import { type ImageGrid, imageTokenCount } from './image-grid.ts';

/** Where the tokens of a prompt stand. */
export interface PromptPositions {
  /** Time, row and column of every token. */
  readonly axes: readonly [Int32Array, Int32Array, Int32Array];
  /** The position of the first token after the prompt, on all axes. */
  readonly next: number;
}

/**
 * Positions of a prompt that shows images of these grids, in order.
 *
 * @throws GeorError `data` when the prompt's image tokens are not those of its images
 */
export function promptPositions(
  prompt: readonly number[],
  config: ModelConfig,
  grids: readonly ImageGrid[],
): PromptPositions {
  const { vision_config: vision, image_token_id: placeholder } = config;
  const axes = [0, 1, 2].map(() => new Int32Array(prompt.length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  let next = 0;
  let image = 0;
  for (let i = 0; i < prompt.length; ) {
    if (prompt[i] !== placeholder) {
      for (const axis of axes) axis[i] = next;
      next++;
      i++;
      continue;
    }
    const grid = grids[image++];
    const tokens = grid ? imageTokenCount(vision, grid) : 0;
    const isWhole = prompt.slice(i, i + tokens).every((token) => token === placeholder);
    if (tokens === 0 || i + tokens > prompt.length || !isWhole) break;
    const [height, width] = [grid!.height, grid!.width].map(
      (side) => side / vision.spatial_merge_size,
    ) as [number, number];
    for (let k = 0; k < tokens; k++, i++) {
      axes[0][i] = next;
      axes[1][i] = next + Math.floor(k / width);
      axes[2][i] = next + (k % width);
    }
    next += Math.max(height, width);
  }
  const wanted = grids.reduce((sum, grid) => sum + imageTokenCount(vision, grid), 0);
  const found = prompt.filter((token) => token === placeholder).length;
  if (found !== wanted || image !== grids.length)
    throw new GeorError(
      'data',
      `a prompt has ${found} image tokens, its ${grids.length} images take ${wanted}`,
    );
  return { axes, next };
}
