/**
 * Rows of a matrix, by index.
 *
 * Training has to repeat to the bit, so sums over equal indices use ScatterElements, which is
 * ordered; ScatterND adds from several threads in any order (measured: other last bits on every
 * run). Where indices are unique, ScatterND is exact and fast.
 * @module
 */
import type { Dimension, Tensor } from '../graph.ts';
import { expandLike } from './reduce.ts';
import { filledLike, reshape } from './shape.ts';

/** Indices as a column that broadcasts over the other axes of `x`. */
const column = (indices: Tensor, x: Tensor): Tensor =>
  reshape(
    indices,
    x.shape.map((_, i): Dimension => (i === 0 ? indices.shape[0]! : 1)),
  );

/**
 * The rows (first axis) of `table` that `indices` names; a row may be named often.
 *
 * @param table - (n, ...)
 * @param indices - int64, (rows)
 * @returns (rows, ...)
 */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  const { graph } = table;
  const shape = table.shape.with(0, indices.shape[0]!);
  return graph.differentiable(
    [table],
    () => graph.apply('Gather', [table, indices], { shape, type: table.type }, { axis: 0 }),
    (g) => [
      graph.apply(
        'ScatterElements',
        [filledLike(0, table), expandLike(column(indices, g), g), g],
        { shape: table.shape },
        { axis: 0, reduction: 'add' },
      ),
    ],
  );
}

/**
 * `x` with some of its rows (first axis) replaced.
 *
 * @param x - (rows, ...)
 * @param indices - int64, (k), unique
 * @param replacement - (k, ...)
 */
export function replaceRows(x: Tensor, indices: Tensor, replacement: Tensor): Tensor {
  const { graph } = x;
  const places = reshape(indices, [indices.shape[0]!, 1]);
  const scatter = (into: Tensor, rows: Tensor): Tensor =>
    graph.apply('ScatterND', [into, places, rows], { shape: x.shape });
  return graph.differentiable(
    [x, replacement],
    () => scatter(x, replacement),
    (g) => [
      scatter(g, filledLike(0, replacement)),
      graph.apply('Gather', [g, indices], { shape: replacement.shape }, { axis: 0 }),
    ],
  );
}
