import { describe, expect, it } from 'vitest';
import {
  checkOperation,
  type Given,
  type OperationCase,
} from '../../../test/support/check-operation.ts';
import { Graph, ops, Session } from '../index.ts';

const positive = (u: number): number => 1.5 + u;
const matrix: Given = { shape: [3, 4] };

/** Error function by its Taylor series, exact enough for |x| < 3. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe.each<[string, typeof ops.add, (a: number, b: number) => number]>([
  ['add', ops.add, (a, b) => a + b],
  ['sub', ops.sub, (a, b) => a - b],
  ['mul', ops.mul, (a, b) => a * b],
  ['div', ops.div, (a, b) => a / b],
])('%s', (_, operation, formula) => {
  const b = (shape: number[], dimensions: readonly (number | string)[] = shape): Given => ({
    shape,
    dimensions,
    value: positive,
  });
  it.each<[string, Given, Given, (i: number) => number, (i: number) => number]>([
    ['equal shapes', matrix, b([3, 4]), (i) => i, (i) => i],
    ['a row', matrix, b([4]), (i) => i, (i) => i % 4],
    ['a column', matrix, b([3, 1]), (i) => i, (i) => Math.floor(i / 4)],
    ['a scalar', matrix, b([]), (i) => i, () => 0],
    ['both ways', { shape: [1, 4] }, b([3, 1]), (i) => i % 4, (i) => Math.floor(i / 4)],
    ['a larger right side', { shape: [4] }, b([3, 4]), (i) => i % 4, (i) => i],
    [
      'named rows',
      { shape: [3, 4], dimensions: ['n', 4] },
      b([3, 1], ['n', 1]),
      (i) => i,
      (i) => Math.floor(i / 4),
    ],
  ])('with %s', async (_title, a, right, left, column) => {
    await checkOperation({
      inputs: { a, b: right },
      build: (t) => operation(t['a']!, t['b']!),
      expected: (v) =>
        Array.from({ length: 12 }, (_, i) => formula(v['a']![left(i)]!, v['b']![column(i)]!)),
    });
  });

  it('with numbers on either side', async () => {
    await checkOperation({
      inputs: { x: b([5]) },
      build: ({ x }) => operation(operation(x!, 3), operation(2, x!)),
      expected: ({ x }) => Array.from(x!, (value) => formula(formula(value, 3), formula(2, value))),
    });
  });
});

describe('minimum and maximum', () => {
  // values at least 0.4 apart: finite differences must not cross the kink
  const apart: OperationCase['inputs'] = {
    a: { shape: [3, 4], value: (u) => Math.sign(u) * (0.4 + 0.1 * u) },
    b: { shape: [4], value: (u) => 0.15 * u },
  };
  it.each([
    ['minimum', ops.minimum, Math.min],
    ['maximum', ops.maximum, Math.max],
  ] as const)('%s', async (_, operation, formula) => {
    await checkOperation({
      inputs: apart,
      build: ({ a, b }) => operation(a!, b!),
      expected: ({ a, b }) => Array.from(a!, (x, i) => formula(x, b![i % 4]!)),
    });
  });

  it('give the gradient of equal values to the left side', async () => {
    for (const operation of [ops.minimum, ops.maximum]) {
      const graph = new Graph();
      const [a, b] = [graph.input('a', [1]), graph.input('b', [1])];
      const [da, db] = graph.gradients(ops.sum(operation(a, b)), [a, b]);
      graph.output(da!, 'da');
      graph.output(db!, 'db');
      const session = await Session.create(graph, { threads: 1 });
      const out = await session.run({ a: Float32Array.of(2), b: Float32Array.of(2) });
      expect([...out['da']!.data, ...out['db']!.data]).toEqual([1, 0]);
    }
  });
});

describe('functions of one tensor', () => {
  it.each<[string, typeof ops.neg, (x: number) => number, Given]>([
    ['neg', ops.neg, (x) => -x, matrix],
    ['exp', ops.exp, Math.exp, matrix],
    ['log', ops.log, Math.log, { shape: [3, 4], value: positive }],
    ['sqrt', ops.sqrt, Math.sqrt, { shape: [3, 4], value: positive }],
    ['sigmoid', ops.sigmoid, (x) => 1 / (1 + Math.exp(-x)), { shape: [9], value: (u) => 3 * u }],
    ['erf', ops.erf, erf, { shape: [9], value: (u) => 2 * u }],
    ['exp of named rows', ops.exp, Math.exp, { shape: [3, 4], dimensions: ['n', 4] }],
  ])('%s', async (_, operation, formula, x) => {
    await checkOperation({
      inputs: { x },
      build: (t) => operation(t['x']!),
      expected: (v) => Array.from(v['x']!, formula),
    });
  });
});

describe('choosing', () => {
  it('lessOrEqual and toFloat', async () => {
    await checkOperation({
      inputs: { a: matrix, b: { shape: [3, 1] } },
      build: ({ a, b }) => ops.toFloat(ops.lessOrEqual(a!, b!)),
      expected: ({ a, b }) => Array.from(a!, (x, i) => (x <= b![Math.floor(i / 4)]! ? 1 : 0)),
      differentiable: [],
    });
    await checkOperation({
      inputs: { a: { shape: [3], value: () => 0.5 } },
      build: ({ a }) => ops.toFloat(ops.lessOrEqual(0.5, a!)),
      expected: () => [1, 1, 1],
      differentiable: [],
    });
  });

  it('equal, of integers', async () => {
    await checkOperation({
      inputs: { a: { shape: [2, 1], integers: [1, 4] }, b: { shape: [3], integers: [4, 1, 1] } },
      build: ({ a, b }) => ops.toFloat(ops.equal(a!, b!)),
      expected: () => [0, 1, 1, 1, 0, 0],
    });
  });

  it('where, with broadcasting and a number', async () => {
    await checkOperation({
      inputs: { c: matrix, a: { shape: [4] }, b: { shape: [3, 1] } },
      build: ({ c, a, b }) =>
        ops.where(
          ops.lessOrEqual(c!, 0),
          ops.mul(a!, a!),
          ops.where(ops.lessOrEqual(c!, 0.5), b!, 7),
        ),
      expected: ({ c, a, b }) =>
        Array.from(c!, (x, i) =>
          x <= 0 ? a![i % 4]! ** 2 : x <= 0.5 ? b![Math.floor(i / 4)]! : 7,
        ),
      differentiable: ['a', 'b'],
    });
  });

  it('stopGradient passes values and stops gradients', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const loss = ops.sum(ops.mul(x, ops.stopGradient(x)));
    graph.output(loss, 'loss');
    graph.output(graph.gradients(loss, [x])[0]!, 'gradient');
    const session = await Session.create(graph, { threads: 1 });
    const out = await session.run({ x: Float32Array.of(3, -2) });
    expect([...out['loss']!.data]).toEqual([13]);
    expect([...out['gradient']!.data]).toEqual([3, -2]); // 2x without the stop
  });

  it('refuses shapes that do not broadcast', () => {
    const graph = new Graph();
    expect(() => ops.add(graph.input('a', [3]), graph.input('b', [4]))).toThrow(/broadcast/);
    expect(() => ops.add(graph.input('c', ['n']), graph.input('d', ['m']))).toThrow(/broadcast/);
    expect(() => ops.add(1, 2)).toThrow(/needs a tensor/);
  });
});
