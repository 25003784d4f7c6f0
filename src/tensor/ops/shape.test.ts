import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../../test/support/check-operation.ts';
import { Graph, ops, Session } from '../index.ts';

const named = { shape: [2, 3, 4], dimensions: ['n', 3, 4] };

/** Squared, so that its gradient depends on which element went where. */
const square = (x: Parameters<typeof ops.neg>[0]): ReturnType<typeof ops.neg> => ops.mul(x, x);

describe('reshape', () => {
  it.each<[string, readonly (number | string)[]]>([
    ['merging static axes', ['n', 12]],
    ['merging a named axis', ['m', 4]],
    ['adding axes', ['n', 1, 3, 4]],
  ])('keeps the order, %s', async (_, shape) => {
    await checkOperation({
      inputs: { x: named },
      build: ({ x }) => square(ops.reshape(x!, shape)),
      expected: ({ x }) => Array.from(x!, (v) => v * v),
    });
  });

  it('refuses sizes that differ and two unknown axes', () => {
    const graph = new Graph();
    expect(() => ops.reshape(graph.input('x', [2, 3]), [4])).toThrow('[2,3] to [4]');
    expect(() => ops.reshape(graph.input('y', ['n', 'm']), ['k', 'l'])).toThrow('cannot infer');
  });
});

describe('transpose', () => {
  it('moves axes', async () => {
    await checkOperation({
      inputs: { x: named },
      build: ({ x }) => square(ops.transpose(x!, [2, 0, 1])),
      expected: ({ x }) =>
        Array.from({ length: 24 }, (_, at) => {
          const [c, a, b] = [Math.floor(at / 6), Math.floor(at / 3) % 2, at % 3];
          return x![a * 12 + b * 4 + c]! ** 2;
        }),
    });
  });
});

describe('slice', () => {
  it('takes a part of an axis; the rest has gradient zero', async () => {
    await checkOperation({
      inputs: { x: named },
      build: ({ x }) => square(ops.slice(x!, 2, 1, 3)),
      expected: ({ x }) =>
        Array.from(x!, (v) => v * v).filter((_, i) => i % 4 === 1 || i % 4 === 2),
    });
  });

  it('refuses parts outside the axis', () => {
    const x = new Graph().input('x', ['n', 4]);
    expect(() => ops.slice(x, 1, 2, 5)).toThrow('slice 2..5');
    expect(() => ops.slice(x, 1, 2, 2)).toThrow('slice 2..2');
    expect(() => ops.slice(x, 0, 0, 1)).toThrow('slice');
    expect(ops.slice(x, 1, 0, 4)).toBe(x);
  });
});

describe('split and concat', () => {
  it('split gives parts; a part that is not used has gradient zero', async () => {
    await checkOperation({
      inputs: { x: { shape: [2, 6], dimensions: ['n', 6] } },
      build: ({ x }) => {
        const [first, , last] = ops.split(x!, 1, [2, 1, 3]);
        return ops.concat([ops.exp(last!), square(first!)], 1);
      },
      expected: ({ x }) =>
        [0, 6].flatMap((at) => [
          ...Array.from(x!.subarray(at + 3, at + 6), Math.exp),
          ...Array.from(x!.subarray(at, at + 2), (v) => v * v),
        ]),
    });
    expect(() => ops.split(new Graph().input('x', [5]), 0, [2, 2])).toThrow('into 2 + 2');
  });

  it('concat along the first and the last axis, one tensor twice', async () => {
    await checkOperation({
      inputs: { a: { shape: [1, 2] }, b: { shape: [2, 2] } },
      build: ({ a, b }) => square(ops.concat([a!, b!, a!], 0)),
      expected: ({ a, b }) => [...a!, ...b!, ...a!].map((v) => v * v),
    });
    await checkOperation({
      inputs: { a: { shape: [2, 1] }, b: { shape: [2, 2] } },
      build: ({ a, b }) => square(ops.concat([a!, b!], 1)),
      expected: ({ a, b }) => [a![0]!, b![0]!, b![1]!, a![1]!, b![2]!, b![3]!].map((v) => v * v),
    });
  });

  it('concat along a named axis', async () => {
    const graph = new Graph();
    const y = ops.concat([graph.input('past', ['n', 2]), graph.input('x', [1, 2])], 0);
    expect(y.shape).toEqual(['n+1', 2]);
    graph.output(y, 'y');
    const session = await Session.create(graph, { threads: 1 });
    const { y: out } = await session.run({
      past: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
      x: Float32Array.of(5, 6),
    });
    expect(out!.shape).toEqual([3, 2]);
    expect([...out!.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('expandLike', () => {
  it('repeats to a shape known only at run time', async () => {
    await checkOperation({
      inputs: { x: { shape: [3, 2], dimensions: ['n', 2] }, y: { shape: [2] } },
      build: ({ x, y }) => ops.expandLike(y!, x!),
      expected: ({ y }) => [...y!, ...y!, ...y!],
      differentiable: [],
    });
  });
});

describe('sum', () => {
  it.each<[string, readonly number[] | undefined, boolean, (x: Float32Array) => number[]]>([
    ['all axes', undefined, false, (x) => [x.reduce((a, b) => a + b, 0)]],
    [
      'one axis',
      [1],
      false,
      (x) =>
        Array.from({ length: 8 }, (_, at) =>
          [0, 1, 2].reduce((t, b) => t + x[Math.floor(at / 4) * 12 + b * 4 + (at % 4)]!, 0),
        ),
    ],
    [
      'two axes, kept',
      [0, 2],
      true,
      (x) =>
        [0, 1, 2].map((b) =>
          [...x].reduce((t, v, i) => (Math.floor(i / 4) % 3 === b ? t + v : t), 0),
        ),
    ],
  ])('over %s', async (_, axes, keep, expected) => {
    await checkOperation({
      inputs: { x: named },
      build: ({ x }) => square(ops.sum(x!, axes, keep)),
      expected: ({ x }) => expected(x!).map((v) => v * v),
    });
  });

  it('keeps or drops the axes in its shape', () => {
    const x = new Graph().input('x', ['n', 3, 4]);
    expect(ops.sum(x, [1], true).shape).toEqual(['n', 1, 4]);
    expect(ops.sum(x, [0, 1]).shape).toEqual([4]);
    expect(ops.sum(x, [])).toBe(x);
  });

  it('maxOfLastAxis', async () => {
    await checkOperation({
      inputs: { x: named },
      build: ({ x }) => ops.maxOfLastAxis(x!),
      expected: ({ x }) =>
        Array.from({ length: 6 }, (_, i) => Math.max(...x!.subarray(4 * i, 4 * i + 4))),
      differentiable: [],
    });
  });
});
