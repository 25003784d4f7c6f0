/**
 * Rows of a matrix, by index.
 *
 * Training has to repeat to the bit, so sums over equal indices use ScatterElements, which is
 * ordered; ScatterND adds from several threads in any order (measured: other last bits on every
 * run). Where indices are unique, ScatterND is exact and fast.
 * @module
 */
import type { Tensor } from '../graph.ts';
import { expandLike, reshape } from './shape.ts';

/**
 * The rows of `table` that `indices` names; a row may be named often.
 *
 * @param table - (n, width)
 * @param indices - int64, (rows)
 * @returns (rows, width)
 */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  const { graph } = table;
  const rows = indices.shape[0]!;
  return graph.differentiable(
    [table],
    () => graph.apply('Gather', [table, indices], { shape: [rows, table.shape[1]!] }, { axis: 0 }),
    (g) => {
      const zeros = expandLike(graph.scalar(0), table);
      const everywhere = expandLike(reshape(indices, [rows, 1]), g);
      return [
        graph.apply(
          'ScatterElements',
          [zeros, everywhere, g],
          { shape: table.shape },
          { axis: 0, reduction: 'add' },
        ),
      ];
    },
  );
}

/**
 * `x` with some of its rows replaced.
 *
 * @param x - (rows, width)
 * @param indices - int64, (k), unique
 * @param replacement - (k, width)
 */
export function replaceRows(x: Tensor, indices: Tensor, replacement: Tensor): Tensor {
  const { graph } = x;
  const column = reshape(indices, [indices.shape[0]!, 1]);
  const scatter = (into: Tensor, rows: Tensor): Tensor =>
    graph.apply('ScatterND', [into, column, rows], { shape: x.shape });
  return graph.differentiable(
    [x, replacement],
    () => scatter(x, replacement),
    (g) => [
      scatter(g, expandLike(graph.scalar(0), replacement)),
      graph.apply('Gather', [g, indices], { shape: replacement.shape }, { axis: 0 }),
    ],
  );
}
