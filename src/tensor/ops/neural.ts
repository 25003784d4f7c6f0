/**
 * Composites of transformers, each with the gradient that is cheapest to compute.
 *
 * Everything is made of plain ONNX operations: the fused contributions of ONNX Runtime are not in
 * every execution provider, and one of them is wrong in one of them.
 * @module
 */
import { sizeOf, type Tensor } from '../graph.ts';
import { add, div, erf, exp, log, mul, neg, sigmoid, sqrt, sub } from './elementwise.ts';
import { maxOfLastAxis, sum, sumTo } from './reduce.ts';
import { reshape } from './shape.ts';

/** Mean over axes; they stay as 1 when `keep`. */
export function mean(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, i) => i),
  keep = false,
): Tensor {
  return mul(sum(x, axes, keep), 1 / sizeOf(axes.map((axis) => x.shape[axis]!)));
}

/** x sigmoid(x); derivative s + y (1 - s). */
export function silu(x: Tensor): Tensor {
  let s: Tensor;
  const y: Tensor = x.graph.differentiable(
    [x],
    () => {
      s = sigmoid(x);
      return mul(x, s);
    },
    (g) => [mul(g, add(s, mul(y, sub(1, s))))],
  );
  return y;
}

/** x (1 + erf(x / sqrt 2)) / 2, the exact GELU. */
export function gelu(x: Tensor): Tensor {
  let cumulative: Tensor;
  return x.graph.differentiable(
    [x],
    () => {
      cumulative = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
      return mul(x, cumulative);
    },
    (g) => {
      const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [mul(g, add(cumulative, mul(x, density)))];
    },
  );
}

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  const last = x.shape.length - 1;
  const y: Tensor = x.graph.differentiable(
    [x],
    () => x.graph.apply('Softmax', [x], { shape: x.shape }, { axis: -1 }),
    (g) => {
      const gy = mul(g, y);
      return [sub(gy, mul(y, sum(gy, [last], true)))];
    },
  );
  return y;
}

/**
 * Root-mean-square norm over the last axis, then a learned scale: x / sqrt(mean(x^2) + epsilon) w.
 *
 * @param x - (rows, width)
 * @param weight - (width)
 */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const last = x.shape.length - 1;
  let scale: Tensor;
  let normal: Tensor;
  return x.graph.differentiable(
    [x, weight],
    () => {
      scale = div(1, sqrt(add(mean(mul(x, x), [last], true), epsilon)));
      normal = mul(x, scale);
      return mul(normal, weight);
    },
    (g) => {
      const gw = mul(g, weight);
      const along = mean(mul(gw, normal), [last], true);
      return [mul(sub(gw, mul(normal, along)), scale), sumTo(mul(g, normal), weight.shape)];
    },
  );
}

/**
 * Log-probability of one chosen token per row: logits[target] - log sum exp logits.
 *
 * The gradient g (one-hot - softmax) costs one pass over the logits: the exponentials of the forward
 * pass are scaled, and the chosen token's g is added in place.
 *
 * @param logits - (rows, vocabulary)
 * @param targets - int64, (rows)
 * @returns (rows)
 */
export function tokenLogProbabilities(logits: Tensor, targets: Tensor): Tensor {
  const { graph } = logits;
  const rows = logits.shape[0]!;
  const column = reshape(targets, [rows, 1]);
  let exponentials: Tensor;
  let total: Tensor;
  return graph.differentiable(
    [logits],
    () => {
      const shifted = sub(logits, maxOfLastAxis(logits));
      exponentials = exp(shifted);
      total = sum(exponentials, [1], true);
      const chosen = graph.apply(
        'GatherElements',
        [shifted, column],
        { shape: [rows, 1] },
        { axis: 1 },
      );
      return reshape(sub(chosen, log(total)), [rows]);
    },
    (g) => {
      const gColumn = reshape(g, [rows, 1]);
      const spread = mul(exponentials, div(neg(gColumn), total));
      return [
        graph.apply(
          'ScatterElements',
          [spread, column, gColumn],
          { shape: logits.shape },
          { axis: 1, reduction: 'add' },
        ),
      ];
    },
  );
}
