import { describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { Graph, ops, Session } from './index.ts';

const doubled = (): Graph => {
  const graph = new Graph();
  graph.output(ops.mul(graph.input('x', ['n']), 2), 'y');
  return graph;
};

describe('Session', () => {
  it('reads bound inputs and writes bound outputs in place', async () => {
    const session = await Session.create(doubled(), { threads: 1 });
    const [x, y] = [Float32Array.of(1, 2), new Float32Array(2)];
    session.bind('x', { data: x, shape: [2] });
    session.bind('y', { data: y, shape: [2] });
    expect(await session.run({})).toEqual({});
    expect([...y]).toEqual([2, 4]);
    x[1] = 5;
    await session.run({});
    expect([...y]).toEqual([2, 10]);
    expect(session.has('x') && session.has('y')).toBe(true);
    expect(session.has('z')).toBe(false);
    await session.release();
  });

  it('takes any size for a named dimension and says the shape of what it returns', async () => {
    const session = await Session.create(doubled(), { threads: 1 });
    for (const n of [1, 7, 3]) {
      const { y } = await session.run({ x: { data: new Float32Array(n).fill(n), shape: [n] } });
      expect(y!.shape).toEqual([n]);
      expect([...y!.data]).toEqual(new Array(n).fill(2 * n));
    }
    await session.release();
  });

  it('names what is missing', async () => {
    const session = await Session.create(doubled(), { threads: 1 });
    await expect(session.run({})).rejects.toThrow('input x was not fed');
    expect(() => session.bind('z', new Float32Array(1))).toThrow('no value z');
    await session.release();
  });

  it('refuses memory that is read and written at once, but not neighbours in one buffer', async () => {
    const session = await Session.create(doubled(), { threads: 1 });
    const buffer = new ArrayBuffer(48);
    const part = (from: number, length = 4) => ({
      data: new Float32Array(buffer, 4 * from, length),
      shape: [length],
    });
    session.bind('x', part(0));
    expect(() => session.bind('y', part(0))).toThrow('y and x overlap in memory');
    expect(() => session.bind('y', part(3))).toThrow('overlap');
    session.bind('y', part(4));
    expect(() => session.bind('x', part(7))).toThrow('x and y overlap');
    session.bind('x', part(8));
    await expect(session.run({ x: part(5) })).rejects.toThrow('x and y overlap');
    part(0).data.fill(3);
    await session.run({ x: part(0) });
    expect([...part(4).data]).toEqual([6, 6, 6, 6]);
    session.bind('y', part(4)); // once more is no overlap with itself
    await session.release();
  });

  it('throws an engine error when the runtime refuses a graph', async () => {
    const graph = new Graph();
    graph.output(graph.apply('NoSuchOperation', [graph.input('x', [1])], { shape: [1] }), 'y');
    const failure = await Session.create(graph).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GeorError);
    expect(failure).toMatchObject({ code: 'engine' });
    expect(String(failure)).toContain('NoSuchOperation');
  });

  it('holds its memory over hundreds of runs', async () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', ['n', 256]), graph.input('w', [256, 256])];
    const y = ops.linear(ops.silu(ops.linear(x, w)), w);
    const loss = ops.sum(ops.mul(y, y));
    graph.output(loss, 'loss');
    graph.output(y, 'y');
    graph.output(graph.gradients(loss, [w])[0]!, 'gradient');
    const session = await Session.create(graph, { threads: 1 });
    session.bind('w', new Float32Array(256 * 256).fill(1e-3));
    session.bind('gradient', new Float32Array(256 * 256));
    const run = async (): Promise<void> => {
      // 1 MiB in and 1 MiB out: a leak of either is 400 MiB
      await session.run({ x: { data: new Float32Array(1024 * 256), shape: [1024, 256] } });
    };
    for (let i = 0; i < 40; i++) await run();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 200; i++) await run();
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    expect(grown).toBeLessThan(130);
    await session.release();
  });
});
