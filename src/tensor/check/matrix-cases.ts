/** Cases of products, sums and norms. @module */
import * as ops from '../ops/index.ts';
import { block, cases, matrix, named, type OperationCase, positive } from './operation-case.ts';

/** Cases of products, sums and norms. */
export const matrixCases: readonly OperationCase[] = [
  ...cases('gemm', [
    ['a b', { a: matrix, b: { shape: [5, 7] } }, ({ a, b }) => ops.gemm(a!, b!)],
    [
      "a' b",
      { a: matrix, b: { shape: [3, 7] } },
      ({ a, b }) => ops.gemm(a!, b!, { transposeA: true }),
    ],
    [
      "a b'",
      { a: matrix, b: { shape: [7, 5] } },
      ({ a, b }) => ops.gemm(a!, b!, { transposeB: true }),
    ],
    [
      "a' b'",
      { a: matrix, b: { shape: [7, 3] } },
      ({ a, b }) => ops.gemm(a!, b!, { transposeA: true, transposeB: true }),
    ],
    [
      'a long inner axis',
      { a: { shape: [4, 130] }, b: { shape: [130, 9] } },
      ({ a, b }) => ops.gemm(a!, b!),
    ],
  ]),
  ...cases('linear', [
    ['without bias', { x: named, w: { shape: [4, 5] } }, ({ x, w }) => ops.linear(x!, w!)],
    [
      'with bias',
      { x: named, w: { shape: [4, 5] }, b: { shape: [4] } },
      ({ x, w, b }) => ops.linear(x!, w!, b!),
    ],
  ]),
  ...cases('matmul', [
    ['batched', { a: block, b: { shape: [2, 4, 5] } }, ({ a, b }) => ops.matmul(a!, b!)],
    ['a shared right side', { a: block, b: { shape: [4, 5] } }, ({ a, b }) => ops.matmul(a!, b!)],
    [
      'transposed, broadcast heads, named sizes',
      {
        a: { shape: [2, 2, 3, 4], dimensions: ['n', 2, 3, 4] },
        b: { shape: [2, 1, 5, 4], dimensions: ['n', 1, 'past', 4] },
      },
      ({ a, b }) => ops.matmul(a!, b!, { transposeB: true }),
    ],
  ]),
  ...cases('sum', [
    ['all axes', { x: block }, ({ x }) => ops.sum(x!)],
    ['one axis', { x: block }, ({ x }) => ops.sum(x!, [1])],
    ['two axes, kept', { x: block }, ({ x }) => ops.sum(x!, [0, 2], true)],
    ['named rows', { x: named }, ({ x }) => ops.sum(x!, [0])],
  ]),
  ...cases('mean', [
    ['all axes', { x: block }, ({ x }) => ops.mean(x!)],
    ['the last axis, kept', { x: named }, ({ x }) => ops.mean(x!, [1], true)],
  ]),
  ...cases('maxOfLastAxis', [['a block', { x: block }, ({ x }) => ops.maxOfLastAxis(x!)]], false),
  ...cases('expandLike', [
    [
      'a column to named rows',
      { x: { shape: [3, 1], dimensions: ['n', 1] }, like: named },
      ({ x, like }) => ops.mul(ops.expandLike(x!, like!), ops.add(like!, 2)),
    ],
  ]),
  ...cases('rmsNorm', [
    [
      'named rows',
      { x: { shape: [3, 7], dimensions: ['n', 7] }, w: { shape: [7], range: positive } },
      ({ x, w }) => ops.rmsNorm(x!, w!, 1e-6),
    ],
    [
      'a large epsilon',
      { x: { shape: [2, 5] }, w: { shape: [5], range: positive } },
      ({ x, w }) => ops.rmsNorm(x!, w!, 0.5),
    ],
  ]),
  ...cases('tokenLogProbabilities', [
    [
      'named rows',
      {
        logits: { shape: [4, 11], dimensions: ['n', 11], range: [-5, 5] },
        targets: { shape: [4], dimensions: ['n'], integers: [10, 0, 3, 3] },
      },
      ({ logits, targets }) => ops.tokenLogProbabilities(logits!, targets!),
    ],
  ]),
];
