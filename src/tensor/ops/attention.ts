/**
 * Attention of sequences and the rotation of their heads, in the layout that projections have: the
 * heads of a row side by side.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Dimension, Tensor } from '../graph.ts';
import { add, mul, neg, sub } from './elementwise.ts';
import { gemm, matmul } from './matmul.ts';
import { softmax } from './neural.ts';
import { concat, reshape, transpose } from './shape.ts';

/** Cosines and sines of the angles of every position, (positions, d / 2). */
export interface Rotation {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/**
 * Turns every pair (x_i, x_{i + d/2}) of each head by its position's angle.
 *
 * Source: Su et al., "RoFormer", equation 34, with the halves of a head as pairs.
 *
 * @param x - (sequences, positions, heads x d); all sequences have the same angles
 */
export function rotary(x: Tensor, { cos, sin }: Rotation): Tensor {
  const { graph } = x;
  const headDim = 2 * (cos.shape[1] as number);
  const heads = (x.shape[2] as number) / headDim;
  invariant(x.shape.length === 3 && Number.isInteger(heads), `heads of ${headDim} in a row`);
  return graph.differentiable(
    [x],
    () =>
      graph.fuse(
        'RotaryEmbedding',
        [x, graph.integers([0]), cos, sin],
        () => [plainRotary(x, { cos, sin }, heads, headDim)],
        { num_heads: heads },
        { domain: 'com.microsoft' },
      )[0]!,
    (g) => [rotary(g, { cos, sin: neg(sin) })],
  );
}

/** x cos + rotateHalf(x) sin, rotateHalf being a product with a signed permutation: exact, and fast. */
function plainRotary(x: Tensor, { cos, sin }: Rotation, heads: number, headDim: number): Tensor {
  const half = headDim / 2;
  const permutation = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    permutation[(i + half) * headDim + i] = -1;
    permutation[i * headDim + i + half] = 1;
  }
  const turn = x.graph.constant(permutation, [headDim, headDim]);
  const turned = reshape(gemm(reshape(x, ['pairs', headDim]), turn), x.shape);
  const wide = (angles: Tensor): Tensor => concat(new Array<Tensor>(2 * heads).fill(angles), 1);
  return sub(mul(x, wide(cos)), mul(turned, neg(wide(sin))));
}

/** How many heads queries and keys have; several heads of queries may share one of keys. */
export interface Heads {
  readonly heads: number;
  readonly keyValueHeads: number;
}

/**
 * softmax(q k' / sqrt(d) + mask) v for every head. It has no gradient: generation alone uses it.
 *
 * @param query - (sequences, n, heads x d)
 * @param key - (sequences, m, key-value heads x d)
 * @param value - as `key`
 * @param mask - added to the scores, (sequences or 1, 1, n, m); none where every query sees every key
 * @returns (sequences, n, heads x d)
 */
export function attention(
  { query, key, value, mask }: { query: Tensor; key: Tensor; value: Tensor; mask?: Tensor },
  { heads, keyValueHeads }: Heads,
): Tensor {
  return query.graph.fuse(
    'Attention',
    mask ? [query, key, value, mask] : [query, key, value],
    () => [plainAttention(query, key, value, mask, heads, keyValueHeads)],
    { q_num_heads: heads, kv_num_heads: keyValueHeads },
    { since: 23 },
  )[0]!;
}

/** Heads that share keys are stacked along the queries: no copy of keys. */
function plainAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Tensor | undefined,
  heads: number,
  shared: number,
): Tensor {
  const [sequences, length, width] = query.shape as [Dimension, Dimension, number];
  const places = key.shape[1]!;
  const headDim = width / heads;
  const repeats = heads / shared;
  const byHead = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [sequences, x.shape[1]!, count, headDim]), [0, 2, 1, 3]);
  const stacked = typeof length === 'number' ? repeats * length : `${repeats}*${length}`;
  const queries = reshape(byHead(query, heads), [sequences, shared, stacked, headDim]);
  const scores = matmul(mul(queries, headDim ** -0.5), byHead(key, shared), { transposeB: true });
  const apart = reshape(scores, [sequences, heads, length, places]);
  const weights = softmax(mask ? add(apart, mask) : apart);
  const mixed = matmul(
    reshape(weights, [sequences, shared, stacked, places]),
    byHead(value, shared),
  );
  const perHead = reshape(mixed, [sequences, heads, length, headDim]);
  return reshape(transpose(perHead, [0, 2, 1, 3]), [sequences, length, width]);
}
