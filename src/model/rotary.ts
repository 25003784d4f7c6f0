/**
 * Rotary position embedding: the 2-D form of the vision transformer and the three-axis form
 * (M-RoPE) of the language model.
 *
 * Source: Qwen2-VL, section 2.1; transformers, `apply_rotary_pos_emb_vision` and
 * `apply_multimodal_rotary_pos_emb`. Angles are computed outside the graph, where positions are
 * known, and come in as cosines and sines.
 * @module
 */
import { ops, type Tensor } from '../tensor/index.ts';
import { headDimension, type ModelConfig, type VisionConfig } from './config.ts';

/** Cosines and sines, (rows, half a head). */
export interface Angles {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/**
 * Turns every pair (x_i, x_{i + d/2}) of each head by its row's angle:
 * y = x cos + rotateHalf(x) sin, with rotateHalf([a, b]) = [-b, a].
 *
 * `rotateHalf` is a product with a signed permutation, exact and faster than taking halves apart;
 * its transpose is its negative, hence the gradient g cos - rotateHalf(g sin).
 *
 * @param x - (..., heads x d)
 * @param cos - as wide as `x`: one angle per pair, repeated for both halves and every head
 * @param sin - as `cos`
 */
export function applyRotary(x: Tensor, { cos, sin }: WideAngles, headDim: number): Tensor {
  const { graph } = x;
  const half = headDim / 2;
  const permutation = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    permutation[(i + half) * headDim + i] = -1;
    permutation[i * headDim + i + half] = 1;
  }
  const turn = graph.constant(permutation, [headDim, headDim]);
  const rotateHalf = (y: Tensor): Tensor =>
    ops.reshape(ops.gemm(ops.reshape(y, ['pairs', headDim]), turn), y.shape);
  return graph.differentiable(
    [x],
    () => ops.add(ops.mul(x, cos), ops.mul(rotateHalf(x), sin)),
    (g) => [ops.sub(ops.mul(g, cos), rotateHalf(ops.mul(g, sin)))],
  );
}

/** Cosines and sines repeated over the halves of a head and over heads. */
export interface WideAngles {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/**
 * Repeats angles over halves and heads, once for all layers.
 *
 * @param angles - (rows, d / 2)
 * @returns (rows, heads x d)
 */
export function widen(angles: { cos: Tensor; sin: Tensor }, heads: number): WideAngles {
  const repeat = (x: Tensor): Tensor => ops.concat(new Array<Tensor>(2 * heads).fill(x), 1);
  return { cos: repeat(angles.cos), sin: repeat(angles.sin) };
}

/**
 * Angles of the language model. A text token has its place on all three axes; an image token has
 * time, row and column.
 *
 * @param positions - (3, rows): time, row and column of each row
 */
export function languageAngles(config: ModelConfig, positions: Int32Array): Angles {
  const rows = positions.length / 3;
  const headDim = headDimension(config);
  const half = headDim / 2;
  const axisOf = config.rope_scaling.mrope_section.flatMap((count, axis) =>
    new Array<number>(count).fill(axis),
  );
  const inverse = Array.from({ length: half }, (_, i) => config.rope_theta ** ((-2 * i) / headDim));
  const table = new Map<number, Angles>();
  const anglesOf = (position: number): Angles => {
    let angles = table.get(position);
    if (!angles) {
      angles = {
        cos: Float32Array.from(inverse, (f) => Math.cos(position * f)),
        sin: Float32Array.from(inverse, (f) => Math.sin(position * f)),
      };
      table.set(position, angles);
    }
    return angles;
  };
  const cos = new Float32Array(rows * half);
  const sin = new Float32Array(rows * half);
  for (let row = 0; row < rows; row++) {
    const byAxis = [0, 1, 2].map((axis) => anglesOf(positions[axis * rows + row]!));
    for (let i = 0; i < half; i++) {
      const angles = byAxis[axisOf[i]!]!;
      cos[row * half + i] = angles.cos[i]!;
      sin[row * half + i] = angles.sin[i]!;
    }
  }
  return { cos, sin };
}

/**
 * Angles of the vision transformer for one image of `gridHeight` x `gridWidth` patches, in the order
 * in which patches stand: merge group by merge group. The first half of the frequencies follows the
 * row, the second the column.
 */
export function visionAngles(vision: VisionConfig, gridHeight: number, gridWidth: number): Angles {
  const headDim = vision.hidden_size / vision.num_heads;
  const quarter = headDim / 4;
  const order = patchOrder(gridHeight, gridWidth, vision.spatial_merge_size);
  const cos = new Float32Array(order.length * 2 * quarter);
  const sin = new Float32Array(order.length * 2 * quarter);
  order.forEach(({ row, column }, patch) => {
    for (let i = 0; i < quarter; i++) {
      const frequency = 10_000 ** ((-2 * i) / (headDim / 2));
      const at = patch * 2 * quarter + i;
      cos[at] = Math.cos(row * frequency);
      sin[at] = Math.sin(row * frequency);
      cos[at + quarter] = Math.cos(column * frequency);
      sin[at + quarter] = Math.sin(column * frequency);
    }
  });
  return { cos, sin };
}

/** Rows and columns of patches in the order of the model: the patches of a merge group together. */
export function patchOrder(
  gridHeight: number,
  gridWidth: number,
  mergeSize: number,
): readonly { row: number; column: number }[] {
  const order: { row: number; column: number }[] = [];
  for (let top = 0; top < gridHeight; top += mergeSize)
    for (let left = 0; left < gridWidth; left += mergeSize)
      for (let row = top; row < top + mergeSize; row++)
        for (let column = left; column < left + mergeSize; column++) order.push({ row, column });
  return order;
}
