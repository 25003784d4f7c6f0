/** Cases of operations element by element. @module */
import type { Dimension } from '../graph.ts';
import * as ops from '../ops/index.ts';
import {
  type CaseInput,
  cases,
  matrix,
  named,
  type OperationCase,
  positive,
} from './operation-case.ts';

/** Ways in which two shapes broadcast; the right side keeps away from zero. */
const pairs: readonly (readonly [string, CaseInput, readonly number[], (readonly Dimension[])?])[] =
  [
    ['equal shapes', matrix, [3, 5]],
    ['a row', matrix, [5]],
    ['a column', matrix, [3, 1]],
    ['a scalar', matrix, []],
    ['both ways', { shape: [1, 5] }, [3, 1]],
    ['a larger right side', { shape: [4] }, [2, 3, 4]],
    ['named rows', named, [3, 1], ['n', 1]],
  ];
const broadcasting = (
  operation: OperationCase['operation'],
  apply: typeof ops.add,
): OperationCase[] =>
  cases(
    operation,
    pairs.map(([variant, a, shape, dimensions = shape]) => [
      variant,
      { a, b: { shape, dimensions, range: positive } },
      ({ a, b }) => apply(a!, b!),
    ]),
  );

/** Sides apart, so that a finite difference crosses no kink; either is chosen in some columns. */
const choosing = (
  operation: OperationCase['operation'],
  apply: typeof ops.minimum,
): OperationCase[] =>
  cases(operation, [
    [
      'a row',
      { a: { shape: [3, 5], range: [-0.4, 0.4] }, b: { shape: [5], range: [0.6, 1] } },
      ({ a, b }) => {
        const signs = b!.graph.constant(Float32Array.of(1, -1, 1, 1, -1), [5]);
        return apply(a!, ops.mul(b!, signs));
      },
    ],
    [
      'named rows',
      { a: { ...named, range: [-1, -0.5] }, b: { shape: [5], range: [-0.1, 1] } },
      ({ a, b }) => apply(ops.mul(a!, a!), ops.sub(b!, 1)),
    ],
  ]);

const ofOne = (
  operation: OperationCase['operation'],
  apply: typeof ops.neg,
  range: readonly [number, number],
): OperationCase[] =>
  cases(operation, [
    ['a vector', { x: { shape: [17], range } }, ({ x }) => apply(x!)],
    ['named rows', { x: { ...named, range } }, ({ x }) => apply(x!)],
  ]);

/** Cases of operations element by element. */
export const elementwiseCases: readonly OperationCase[] = [
  ...broadcasting('add', ops.add),
  ...broadcasting('sub', ops.sub),
  ...broadcasting('mul', ops.mul),
  ...broadcasting('div', ops.div),
  ...choosing('minimum', ops.minimum),
  ...choosing('maximum', ops.maximum),
  ...ofOne('neg', ops.neg, [-2, 2]),
  ...ofOne('exp', ops.exp, [-3, 2]),
  ...ofOne('log', ops.log, positive),
  ...ofOne('sqrt', ops.sqrt, positive),
  ...ofOne('sigmoid', ops.sigmoid, [-5, 5]),
  ...ofOne('erf', ops.erf, [-3, 3]),
  ...ofOne('silu', ops.silu, [-5, 5]),
  ...ofOne('gelu', ops.gelu, [-4, 4]),
  ...ofOne('softmax', ops.softmax, [-4, 4]),
  ...cases(
    'lessOrEqual',
    [
      [
        'a column',
        { a: matrix, b: { shape: [3, 1] } },
        ({ a, b }) => ops.toFloat(ops.lessOrEqual(a!, b!)),
      ],
    ],
    false,
  ),
  ...cases(
    'equal',
    [
      [
        'integers',
        { a: { shape: [2, 1], integers: [1, 4] }, b: { shape: [3], integers: [4, 1, 1] } },
        ({ a, b }) => ops.toFloat(ops.equal(a!, b!)),
      ],
    ],
    false,
  ),
  ...cases(
    'toFloat',
    [['booleans', { a: matrix }, ({ a }) => ops.toFloat(ops.lessOrEqual(0, a!))]],
    false,
  ),
  ...cases('where', [
    [
      'a row and a column',
      { pick: { shape: [3, 1], integers: [0, 1, 0] }, a: { shape: [5] }, b: { shape: [3, 1] } },
      ({ pick, a, b }) => ops.where(ops.equal(pick!, pick!.graph.integers([1])), a!, b!),
    ],
    [
      'named rows, and a number',
      { pick: { shape: [3, 1], dimensions: ['n', 1], integers: [1, 0, 1] }, a: named },
      ({ pick, a }) => ops.where(ops.equal(pick!, pick!.graph.integers([1])), a!, 7),
    ],
  ]),
  ...cases('stopGradient', [
    ['a product', { x: matrix }, ({ x }) => ops.mul(x!, ops.stopGradient(ops.mul(x!, 3)))],
  ]),
];
