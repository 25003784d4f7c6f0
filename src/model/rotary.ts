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
  const anglesOf = angleTable(inverseFrequencies(config.rope_theta, headDim));
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
 * Angles of the vision transformer, by row and column of a patch. The first half of the frequencies
 * follows the row, the second the column.
 */
export function visionAngles(
  vision: VisionConfig,
  places: readonly { readonly row: number; readonly column: number }[],
): Angles {
  const headDim = vision.hidden_size / vision.num_heads;
  const quarter = headDim / 4;
  const anglesOf = angleTable(inverseFrequencies(10_000, headDim / 2));
  const cos = new Float32Array(places.length * 2 * quarter);
  const sin = new Float32Array(places.length * 2 * quarter);
  places.forEach(({ row, column }, patch) => {
    [row, column].forEach((position, half) => {
      const angles = anglesOf(position);
      cos.set(angles.cos, (2 * patch + half) * quarter);
      sin.set(angles.sin, (2 * patch + half) * quarter);
    });
  });
  return { cos, sin };
}

/** base^(-2i / width), in 32 bits as in the original: positions of thousands show the difference. */
const inverseFrequencies = (base: number, width: number): Float32Array =>
  Float32Array.from({ length: width / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(base ** Math.fround((2 * i) / width))),
  );

/** Cosines and sines of a position at every frequency, kept once computed. */
function angleTable(inverse: Float32Array): (position: number) => Angles {
  const table = new Map<number, Angles>();
  return (position) => {
    let angles = table.get(position);
    if (!angles) {
      const turned = inverse.map((frequency) => position * frequency);
      angles = { cos: turned.map(Math.cos), sin: turned.map(Math.sin) };
      table.set(position, angles);
    }
    return angles;
  };
}
