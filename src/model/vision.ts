/**
 * The vision transformer of Qwen2.5-VL: patches of images to features of the language model.
 *
 * Source: transformers, `Qwen2_5_VisionTransformerPretrainedModel`. A still image's frames are equal,
 * so the temporal kernel is summed before it is applied. Images of any sizes share a batch: layers
 * that work row by row see all patches as one matrix, attention sees the groups of a `VisionLayout`
 * as rectangles. So a large image needs no square mask in the windowed layers.
 * @module
 */
import { type Graph, ops, type Tensor } from '../tensor/index.ts';
import { groupAttention, type Regrouping } from './attention-groups.ts';
import type { VisionConfig } from './config.ts';
import { patchLength } from './image-grid.ts';
import type { Layers } from './layers.ts';
import { applyRotary, widen } from './rotary.ts';

/** Variance epsilon of every norm (fixed in the original). */
const EPSILON = 1e-6;

/** How images of a batch may differ. */
export type VisionShape =
  /** All of one grid, cut into windows of one size: no patch moves and nothing is masked. */
  | 'uniform'
  /** Any grids. */
  | 'ragged';

/** Features of the images that a graph is fed. @returns (tokens, out_hidden_size) */
export function visionTransformer(
  graph: Graph,
  shape: VisionShape,
  vision: VisionConfig,
  layers: Layers,
): Tensor {
  const { hidden_size: width, num_heads: heads } = vision;
  const headDim = width / heads;
  const isUniform = shape === 'uniform';
  const rows = isUniform ? 'images*patches' : 'patches';
  const pixels = graph.input('pixels', [rows, patchLength(vision)]);
  const angle = ['patches', headDim / 2];
  const angles = {
    cos: graph.input('visionCos', angle),
    sin: graph.input('visionSin', angle),
  };
  // the angles of one image serve all, when all are alike
  const perImage = (x: Tensor): Tensor =>
    isUniform ? ops.reshape(x, ['images', 'patches', x.shape[1]!]) : x;
  const byRow = (x: Tensor): Tensor => ops.reshape(x, [rows, x.shape.at(-1)!]);
  const windows = isUniform ? uniformWindows(graph) : raggedGroups(graph, 'windowGroup');
  const images: Regrouping = isUniform
    ? { count: 'images', capacity: 'patches' }
    : raggedGroups(graph, 'imageGroup');
  const wide = widen(angles, 2 * heads);
  const norm = (x: Tensor, name: string): Tensor =>
    ops.rmsNorm(x, layers.parameter(`${name}.weight`), EPSILON);

  const kernel = ops.sum(layers.parameter('visual.patch_embed.proj.weight'), [2]); // (width, 3, patch, patch)
  let hidden = ops.linear(pixels, ops.reshape(kernel, [width, patchLength(vision)]));

  for (let i = 0; i < vision.depth; i++) {
    const block = `visual.blocks.${i}`;
    const qkv = layers.linear(norm(hidden, `${block}.norm1`), `${block}.attn.qkv`);
    const [queryKey, value] = ops.split(qkv, 1, [2 * width, width]) as [Tensor, Tensor];
    const turned = byRow(applyRotary(perImage(queryKey), wide, headDim));
    const [query, key] = ops.split(turned, 1, [width, width]) as [Tensor, Tensor];
    const groups = vision.fullatt_block_indexes.includes(i) ? images : windows;
    const mixed = groupAttention({ query, key, value }, heads, groups);
    hidden = ops.add(hidden, layers.linear(mixed, `${block}.attn.proj`));

    const attendedNorm = norm(hidden, `${block}.norm2`);
    const gate = ops.silu(layers.linear(attendedNorm, `${block}.mlp.gate_proj`));
    const up = layers.linear(attendedNorm, `${block}.mlp.up_proj`);
    hidden = ops.add(hidden, layers.linear(ops.mul(gate, up), `${block}.mlp.down_proj`));
  }

  const group = vision.spatial_merge_size ** 2;
  const merged = ops.reshape(norm(hidden, 'visual.merger.ln_q'), ['tokens', width * group]);
  const inner = layers.linear(merged, 'visual.merger.mlp.0');
  return layers.linear(ops.gelu(inner), 'visual.merger.mlp.2');
}

/** Windows of equal size, one after the other: the input only tells how many patches each has. */
function uniformWindows(graph: Graph): Regrouping {
  const capacity = 'windowCapacity';
  graph.input('windowPlaces', [capacity]);
  return { count: 'windows', capacity };
}

function raggedGroups(graph: Graph, name: string): Regrouping {
  const [count, capacity] = [`${name}s`, `${name}Capacity`];
  return {
    count,
    capacity,
    moves: {
      rows: graph.input(`${name}Rows`, [`${count}*${capacity}`], 'int64'),
      slots: graph.input(`${name}Slots`, ['patches'], 'int64'),
      used: graph.input(`${name}Used`, [count, capacity]),
    },
  };
}
