/**
 * The vision transformer of Qwen2.5-VL: patches of an image to features of the language model.
 *
 * Source: transformers, `Qwen2_5_VisionTransformerPretrainedModel`. Two equal reorderings make the
 * graph simpler than the original: a still image's frames are equal, so the temporal kernel is
 * summed before it is applied; and windows are a mask over patches in merge-group order, instead of
 * a permutation that is undone at the end (attention does not depend on the order).
 * @module
 */
import { type Dimension, ops, type Tensor } from '../tensor/index.ts';
import type { VisionConfig } from './config.ts';
import { applyRotary, patchOrder, visionAngles, widen } from './rotary.ts';

/** Looks up a parameter of the graph by its checkpoint name. */
export type ParameterOf = (name: string) => Tensor;

/** How many patches and how many language-model tokens an image becomes. */
export interface ImageGrid {
  /** Patches from top to bottom; a multiple of the merge size. */
  readonly height: number;
  /** Patches from left to right. */
  readonly width: number;
}

/** Tokens of the language model that an image of this grid takes. */
export const imageTokenCount = (vision: VisionConfig, grid: ImageGrid): number =>
  (grid.height * grid.width) / vision.spatial_merge_size ** 2;

/** Numbers per patch of one frame: channels x patch x patch. */
export const patchLength = (vision: VisionConfig): number => 3 * vision.patch_size ** 2;

/** Variance epsilon of every norm (fixed in the original). */
const EPSILON = 1e-6;

/**
 * Features of a batch of equally large images.
 *
 * @param pixels - (images x patches, 3 x patch x patch), one frame, merge-group order
 * @param images - how many: a size or a name
 * @returns (images x tokens, out_hidden_size)
 */
export function visionTransformer(
  pixels: Tensor,
  images: Dimension,
  grid: ImageGrid,
  vision: VisionConfig,
  parameter: ParameterOf,
): Tensor {
  const { graph } = pixels;
  const { hidden_size: width, num_heads: heads } = vision;
  const patches = grid.height * grid.width;
  const headDim = width / heads;
  const angles = visionAngles(vision, grid.height, grid.width);
  const wide = widen(
    {
      cos: graph.constant(angles.cos, [patches, headDim / 2]),
      sin: graph.constant(angles.sin, [patches, headDim / 2]),
    },
    2 * heads,
  );
  const windows = windowMask(vision, grid);
  const mask = windows && graph.constant(windows, [1, 1, patches, patches]);
  const rows = pixels.shape[0]!;

  const kernel = ops.sum(parameter('visual.patch_embed.proj.weight'), [2]); // (width, 3, patch, patch)
  let hidden = ops.linear(pixels, ops.reshape(kernel, [width, patchLength(vision)]));

  for (let i = 0; i < vision.depth; i++) {
    const of = (name: string): Tensor => parameter(`visual.blocks.${i}.${name}`);
    const normed = ops.rmsNorm(hidden, of('norm1.weight'), EPSILON);
    const qkv = ops.linear(normed, of('attn.qkv.weight'), of('attn.qkv.bias'));
    const [queryKey, value] = ops.split(ops.reshape(qkv, [images, patches, 3 * width]), 2, [
      2 * width,
      width,
    ]) as [Tensor, Tensor];
    const turned = applyRotary(queryKey, wide, headDim);
    const [query, key] = ops.split(turned, 2, [width, width]) as [Tensor, Tensor];
    const byHead = (x: Tensor): Tensor =>
      ops.transpose(ops.reshape(x, [images, patches, heads, headDim]), [0, 2, 1, 3]);
    const scaled = ops.mul(query, headDim ** -0.5);
    let scores = ops.matmul(byHead(scaled), byHead(key), { transposeB: true });
    if (mask && !vision.fullatt_block_indexes.includes(i)) scores = ops.add(scores, mask);
    const mixed = ops.transpose(ops.matmul(ops.softmax(scores), byHead(value)), [0, 2, 1, 3]);
    const attended = ops.linear(
      ops.reshape(mixed, [rows, width]),
      of('attn.proj.weight'),
      of('attn.proj.bias'),
    );
    hidden = ops.add(hidden, attended);

    const attendedNorm = ops.rmsNorm(hidden, of('norm2.weight'), EPSILON);
    const gate = ops.silu(
      ops.linear(attendedNorm, of('mlp.gate_proj.weight'), of('mlp.gate_proj.bias')),
    );
    const up = ops.linear(attendedNorm, of('mlp.up_proj.weight'), of('mlp.up_proj.bias'));
    const down = ops.linear(
      ops.mul(gate, up),
      of('mlp.down_proj.weight'),
      of('mlp.down_proj.bias'),
    );
    hidden = ops.add(hidden, down);
  }

  const group = vision.spatial_merge_size ** 2;
  const normed = ops.rmsNorm(hidden, parameter('visual.merger.ln_q.weight'), EPSILON);
  const merged = ops.reshape(normed, [
    typeof rows === 'number' ? rows / group : `${rows}/${group}`,
    width * group,
  ]);
  const inner = ops.linear(
    merged,
    parameter('visual.merger.mlp.0.weight'),
    parameter('visual.merger.mlp.0.bias'),
  );
  return ops.linear(
    ops.gelu(inner),
    parameter('visual.merger.mlp.2.weight'),
    parameter('visual.merger.mlp.2.bias'),
  );
}

/** -1e9 between patches of different windows; undefined when one window holds the image. */
function windowMask(vision: VisionConfig, grid: ImageGrid): Float32Array | undefined {
  const merge = vision.spatial_merge_size;
  const side = Math.floor(vision.window_size / merge / vision.patch_size) * merge; // patches
  if (grid.height <= side && grid.width <= side) return undefined;
  const windowOf = patchOrder(grid.height, grid.width, merge).map(
    ({ row, column }) => Math.floor(row / side) * grid.width + Math.floor(column / side),
  );
  return Float32Array.from({ length: windowOf.length ** 2 }, (_, i) =>
    windowOf[Math.floor(i / windowOf.length)] === windowOf[i % windowOf.length] ? 0 : -1e9,
  );
}
