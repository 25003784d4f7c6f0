/** Cases of operations that move elements. @module */
import * as ops from '../ops/index.ts';
import { block, cases, matrix, named, type OperationCase } from './operation-case.ts';

/** Cases of operations that move elements. */
export const movementCases: readonly OperationCase[] = [
  ...cases('reshape', [
    [
      'named rows in place',
      { x: { shape: [3, 6], dimensions: ['n', 6] } },
      ({ x }) => ops.reshape(x!, ['n', 2, 3]),
    ],
    ['an inferred size', { x: block }, ({ x }) => ops.reshape(x!, ['rows', 8])],
  ]),
  ...cases('transpose', [
    ['three axes', { x: block }, ({ x }) => ops.transpose(x!, [2, 0, 1])],
    [
      'heads and named rows',
      { x: { shape: [3, 2, 4], dimensions: ['n', 2, 4] } },
      ({ x }) => ops.transpose(x!, [1, 0, 2]),
    ],
  ]),
  ...cases('slice', [
    ['the middle', { x: block }, ({ x }) => ops.slice(x!, 2, 1, 3)],
    ['the end, named rows', { x: named }, ({ x }) => ops.slice(x!, 1, 4, 5)],
  ]),
  ...cases('split', [
    [
      'three parts, one of them not used',
      { x: { shape: [3, 7], dimensions: ['n', 7] } },
      ({ x }) => {
        const [first, , last] = ops.split(x!, 1, [2, 3, 2]);
        return ops.sub(first!, ops.mul(last!, 2));
      },
    ],
  ]),
  ...cases('concat', [
    ['columns', { a: matrix, b: { shape: [3, 2] } }, ({ a, b }) => ops.concat([a!, b!], 1)],
    [
      'named sizes',
      {
        a: { shape: [2, 3, 4], dimensions: [2, 'past', 4] },
        b: { shape: [2, 1, 4] },
        c: { shape: [2, 2, 4], dimensions: [2, 'more', 4] },
      },
      ({ a, b, c }) => ops.concat([a!, b!, c!], 1),
    ],
  ]),
  ...cases('gatherRows', [
    [
      'a row named twice',
      { table: matrix, rows: { shape: [4], dimensions: ['k'], integers: [2, 0, 2, 1] } },
      ({ table, rows }) => ops.gatherRows(table!, rows!),
    ],
    [
      'a block of named rows',
      {
        table: { shape: [3, 2, 4], dimensions: ['n', 2, 4] },
        rows: { shape: [5], dimensions: ['k'], integers: [2, 2, 0, 1, 0] },
      },
      ({ table, rows }) => ops.gatherRows(table!, rows!),
    ],
  ]),
  ...cases('replaceRows', [
    [
      'a matrix',
      {
        x: { shape: [4, 3], dimensions: ['n', 3] },
        rows: { shape: [2], dimensions: ['k'], integers: [3, 1] },
        replacement: { shape: [2, 3], dimensions: ['k', 3] },
      },
      ({ x, rows, replacement }) => ops.replaceRows(x!, rows!, replacement!),
    ],
    [
      'a block',
      {
        x: { shape: [4, 2, 3] },
        rows: { shape: [2], integers: [0, 2] },
        replacement: { shape: [2, 2, 3] },
      },
      ({ x, rows, replacement }) => ops.replaceRows(x!, rows!, replacement!),
    ],
  ]),
];
