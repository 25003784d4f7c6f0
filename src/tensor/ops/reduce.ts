/**
 * Operations that sum an axis away, and the broadcasting that this undoes.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Dimension, Tensor } from '../graph.ts';
import { reshape, sameShape, shapeOf } from './shape.ts';

/** Sum over axes; they stay as 1 when `keep`, else they are gone. All axes by default. */
export function sum(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, i) => i),
  keep = false,
): Tensor {
  if (axes.length === 0) return x;
  const { graph } = x;
  const kept = x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension));
  const shape = keep ? kept : x.shape.filter((_, i) => !axes.includes(i));
  return graph.differentiable(
    [x],
    () =>
      graph.apply('ReduceSum', [x, graph.integers(axes)], { shape }, { keepdims: keep ? 1 : 0 }),
    (g) => [expandLike(reshape(g, kept), x)],
  );
}

/** Repeats `x` by broadcasting until it has the shape of `like`, which may be known only at run time. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  const { graph } = x;
  return graph.differentiable(
    [x],
    () => graph.apply('Expand', [x, shapeOf(like)], { shape: like.shape, type: x.type }),
    (g) => [sumTo(g, x.shape)],
  );
}

/** The largest element of the last axis, kept as 1. No gradient: it only shifts a softmax. */
export function maxOfLastAxis(x: Tensor): Tensor {
  const axis = x.shape.length - 1;
  return x.graph.apply(
    'ReduceMax',
    [x, x.graph.integers([axis])],
    { shape: x.shape.with(axis, 1) },
    { keepdims: 1 },
  );
}

/** Undoes broadcasting in a gradient: sums `g` over the axes along which `shape` was repeated. */
export function sumTo(g: Tensor, shape: readonly Dimension[]): Tensor {
  const extra = g.shape.length - shape.length;
  invariant(extra >= 0, `[${g.shape.join()}] was not broadcast from [${shape.join()}]`);
  const axes = g.shape.flatMap((dimension, i) =>
    i < extra || (shape[i - extra] === 1 && dimension !== 1) ? [i] : [],
  );
  if (axes.length === 0 && extra === 0) return g;
  return reshape(sum(g, axes), shape);
}
