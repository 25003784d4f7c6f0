/**
 * Matrix products.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Tensor } from '../graph.ts';
import { broadcast } from './elementwise.ts';
import { sumTo } from './reduce.ts';
import { transpose } from './shape.ts';

interface Flags {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** a' b' for matrices, each transposed where flagged. */
export function gemm(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Flags = {},
): Tensor {
  const [rows, inner] = transposeA ? [a.shape[1]!, a.shape[0]] : [a.shape[0]!, a.shape[1]];
  const [innerB, columns] = transposeB ? [b.shape[1], b.shape[0]!] : [b.shape[0], b.shape[1]!];
  invariant(
    a.shape.length === 2 && b.shape.length === 2 && inner === innerB,
    `[${a.shape.join()}] x [${b.shape.join()}]`,
  );
  return a.graph.differentiable(
    [a, b],
    () =>
      a.graph.apply(
        'Gemm',
        [a, b],
        { shape: [rows, columns] },
        { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
      ),
    (g) => [
      transposeA
        ? gemm(b, g, { transposeA: transposeB, transposeB: true })
        : gemm(g, b, { transposeB: !transposeB }),
      transposeB
        ? gemm(g, a, { transposeA: true, transposeB: transposeA })
        : gemm(a, g, { transposeA: !transposeA }),
    ],
  );
}

/**
 * A linear layer as PyTorch stores it: x W^T + b.
 *
 * @param x - (rows, in)
 * @param weight - (out, in)
 * @param bias - (out)
 * @returns (rows, out)
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  if (!bias) return gemm(x, weight, { transposeB: true });
  const { graph } = x;
  return graph.differentiable(
    [x, weight, bias],
    () =>
      graph.apply(
        'Gemm',
        [x, weight, bias],
        { shape: [x.shape[0]!, weight.shape[0]!] },
        { transB: 1 },
      ),
    (g) => [gemm(g, weight), gemm(g, x, { transposeA: true }), sumTo(g, bias.shape)],
  );
}

const swapLast = (x: Tensor): Tensor => {
  const order = x.shape.map((_, i) => i);
  const last = order.length - 1;
  return transpose(x, order.with(last, last - 1).with(last - 1, last));
};

/**
 * Batched product of the last two axes; the axes before broadcast.
 *
 * @param a - (..., n, k)
 * @param b - (..., k, m), or (..., m, k) with `transposeB`
 * @returns (..., n, m)
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeB = false }: Pick<Flags, 'transposeB'> = {},
): Tensor {
  const right = transposeB ? swapLast(b) : b;
  const batch = broadcast(a.shape.slice(0, -2), right.shape.slice(0, -2));
  return a.graph.differentiable(
    [a, right],
    () =>
      a.graph.apply('MatMul', [a, right], {
        shape: [...batch, a.shape.at(-2)!, right.shape.at(-1)!],
      }),
    (g) => [
      sumTo(matmul(g, right, { transposeB: true }), a.shape),
      sumTo(matmul(swapLast(a), g), right.shape),
    ],
  );
}
