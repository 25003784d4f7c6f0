import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../test/support/check-operation.ts';
import { Graph, ops, Session, sizeOf } from './index.ts';

describe('gradients', () => {
  it('add up over all uses of a tensor', async () => {
    await checkOperation({
      inputs: { x: { shape: [3, 3] } },
      build: ({ x }) => ops.add(ops.gemm(x!, x!), ops.mul(ops.exp(x!), ops.add(x!, x!))),
    });
  });

  it('are the derivative by hand: d(x^3 + x)/dx = 3 x^2 + 1', async () => {
    const graph = new Graph();
    const x = graph.input('x', []);
    const loss = ops.add(ops.mul(ops.mul(x, x), x), x);
    graph.output(graph.gradients(loss, [x])[0]!, 'gradient');
    const session = await Session.create(graph, { threads: 1 });
    const { gradient } = await session.run({ x: Float32Array.of(2) });
    expect([...gradient!.data]).toEqual([13]);
  });

  it('of intermediate tensors, too', async () => {
    const graph = new Graph();
    const x = graph.input('x', []);
    const y = ops.mul(x, 3);
    const [dy, dx] = graph.gradients(ops.mul(y, y), [y, x]);
    graph.output(dy!, 'dy');
    graph.output(dx!, 'dx');
    const session = await Session.create(graph, { threads: 1 });
    const out = await session.run({ x: Float32Array.of(2) });
    expect([...out['dy']!.data, ...out['dx']!.data]).toEqual([12, 36]);
  });

  it('refuse a loss that is no scalar and a target that does not matter', () => {
    const graph = new Graph();
    const [x, y] = [graph.input('x', [2]), graph.input('y', [2])];
    expect(() => graph.gradients(x, [x])).toThrow('scalar');
    expect(() => graph.gradients(ops.sum(x), [y])).toThrow('y does not influence the loss');
  });

  it('leave the tape usable for a second loss', async () => {
    const graph = new Graph();
    const x = graph.input('x', []);
    const y = ops.mul(x, x);
    const first = graph.gradients(y, [x])[0]!;
    const second = graph.gradients(ops.mul(y, x), [x])[0]!;
    graph.output(first, 'first');
    graph.output(second, 'second');
    const session = await Session.create(graph, { threads: 1 });
    const out = await session.run({ x: Float32Array.of(2) });
    expect([...out['first']!.data, ...out['second']!.data]).toEqual([4, 12]);
  });
});

describe('a graph', () => {
  it('shares small constants of equal value, shape and type', () => {
    const graph = new Graph();
    expect(graph.scalar(2)).toBe(graph.scalar(2));
    expect(graph.scalar(2)).not.toBe(graph.constant(Float32Array.of(2), [1]));
    expect(graph.integers([2])).not.toBe(graph.constant(Float32Array.of(2), [1]));
    expect(graph.initializers).toHaveLength(3);
  });

  it('refuses tensors of another graph', () => {
    const [a, b] = [new Graph().input('a', [1]), new Graph().input('b', [1])];
    expect(() => ops.add(a, b)).toThrow('two graphs');
  });

  it('knows sizes of static shapes only', () => {
    expect(sizeOf([2, 3, 4])).toBe(24);
    expect(sizeOf([])).toBe(1);
    expect(() => sizeOf(['n', 2])).toThrow('static shape');
  });
});
