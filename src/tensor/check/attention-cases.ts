/** Cases of attention, of the rotation of its heads and of its cache. @module */
import type { Dimension, Graph } from '../graph.ts';
import * as ops from '../ops/index.ts';
import { type CaseInput, cases, type OperationCase } from './operation-case.ts';

/** Angle (row + 1) (0.7 pair - 0.9) of every pair of a head. */
function rotation(graph: Graph, rows: number, pairs: number): ops.Rotation {
  const table = (f: (angle: number) => number) =>
    graph.constant(
      Float32Array.from({ length: rows * pairs }, (_, at) =>
        f((Math.floor(at / pairs) + 1) * (0.7 * (at % pairs) - 0.9)),
      ),
      [rows, pairs],
    );
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

const heads = (
  sequences: Dimension,
  places: Dimension,
  shape: readonly [number, number, number],
): CaseInput => ({ shape, dimensions: [sequences, places, shape[2]] });

/** Cases of attention, of the rotation of its heads and of its cache. */
export const attentionCases: readonly OperationCase[] = [
  ...cases('rotary', [
    [
      'two heads of four pairs',
      { x: heads(1, 3, [1, 3, 16]) },
      ({ x }) => ops.rotary(x!, rotation(x!.graph, 3, 4)),
    ],
    [
      'sequences with the same angles',
      { x: heads('s', 3, [2, 3, 8]) },
      ({ x }) => ops.rotary(x!, rotation(x!.graph, 3, 4)),
    ],
  ]),
  ...cases(
    'attention',
    [
      [
        'heads that share keys, masked',
        {
          query: heads('s', 'n', [2, 3, 32]),
          key: heads('s', 'm', [2, 5, 16]),
          value: heads('s', 'm', [2, 5, 16]),
          mask: { shape: [2, 1, 3, 5], dimensions: ['s', 1, 'n', 'm'], range: [-4, 0] },
        },
        ({ query, key, value, mask }) =>
          ops.attention(
            { query: query!, key: key!, value: value!, mask: mask! },
            { heads: 4, keyValueHeads: 2 },
          ),
      ],
      [
        'every key seen',
        {
          query: heads('s', 'n', [2, 4, 16]),
          key: heads('s', 'n', [2, 4, 16]),
          value: heads('s', 'n', [2, 4, 16]),
        },
        ({ query, key, value }) =>
          ops.attention(
            { query: query!, key: key!, value: value! },
            { heads: 2, keyValueHeads: 2 },
          ),
      ],
    ],
    false,
  ),
  ...cases(
    'replacePlaces',
    [
      [
        'a place in each of two',
        {
          x: { shape: [2, 4, 3], dimensions: ['n', 'm', 3] },
          places: { shape: [2, 2], dimensions: ['k', 2], integers: [0, 3, 1, 1] },
          replacement: { shape: [2, 3], dimensions: ['k', 3] },
        },
        ({ x, places, replacement }) => ops.replacePlaces(x!, places!, replacement!),
      ],
    ],
    false,
  ),
];
