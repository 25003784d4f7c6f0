import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRuntime, defaultRuntime, Graph, ops, Session } from '../index.ts';
import { sharedFloats, type WorkerRuntime, workerRuntime } from './index.ts';

const program = new URL('../../../dist/tensor/node/session-worker.js', import.meta.url);
let runtime: WorkerRuntime;
beforeAll(() => {
  runtime = workerRuntime({ program });
});
afterAll(() => runtime.close());

const SIZE = 384;
/** A chain of products that takes some hundred milliseconds, its loss and the gradient of its weight. */
function longGraph(): Graph {
  const graph = new Graph();
  const [x, w] = [graph.input('x', ['n', SIZE]), graph.input('w', [SIZE, SIZE])];
  let hidden = x;
  for (let i = 0; i < 12; i++) hidden = ops.add(hidden, ops.silu(ops.gemm(hidden, w)));
  const loss = ops.sum(ops.mul(hidden, hidden));
  graph.output(hidden, 'hidden');
  graph.output(loss, 'loss');
  graph.output(graph.gradients(loss, [w])[0]!, 'gradient');
  return graph;
}
const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i) / 32);
const x = { data: wave(SIZE * SIZE), shape: [SIZE, SIZE] };

/** How often the event loop of this thread goes round while `work` is under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return turns;
}

describe('sessions in a thread of their own', () => {
  it('leave the event loop free, and compute the same to the last bit', async () => {
    const here = await Session.create(longGraph(), { threads: 1 });
    const there = await Session.create(longGraph(), { threads: 1, runtime });
    const weight = wave(SIZE * SIZE);
    const gradients = [new Float32Array(SIZE * SIZE), sharedFloats(SIZE * SIZE)];
    const shared = sharedFloats(weight.length);
    shared.set(weight);
    here.bind('w', weight);
    here.bind('gradient', gradients[0]!);
    there.bind('w', shared);
    there.bind('gradient', gradients[1]!);

    const results: Awaited<ReturnType<Session['run']>>[] = [];
    const blocked = await turnsDuring(async () => results.push(await here.run({ x })));
    const free = await turnsDuring(async () => results.push(await there.run({ x })));
    expect(blocked).toBeLessThan(5);
    expect(free).toBeGreaterThan(50);

    expect(results[1]).toEqual(results[0]);
    expect(Buffer.compare(bytes(gradients[0]!), bytes(gradients[1]!))).toBe(0);
    expect(gradients[0]!.some((value) => value !== 0)).toBe(true);
    await Promise.all([here.release(), there.release()]);
  });

  it('see what changes in bound memory between runs, shared or not', async () => {
    const graph = new Graph();
    graph.output(ops.mul(graph.input('a', [2]), graph.input('b', [2])), 'y');
    const session = await Session.create(graph, { runtime });
    const [a, b, y] = [sharedFloats(2), new Float32Array(2), new Float32Array(2)];
    session.bind('a', a);
    session.bind('b', b);
    session.bind('y', y);
    for (const factor of [2, 3]) {
      a.set([factor, 1]);
      b.set([1, factor]);
      expect(await session.run({})).toEqual({});
      expect([...y]).toEqual([factor, factor]);
    }
    await session.release();
  });

  it('take many runs at once and answer each with its own', async () => {
    const graph = new Graph();
    graph.output(ops.mul(graph.input('x', ['n']), 2), 'y');
    const session = await Session.create(graph, { runtime });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        session.run({ x: { data: new Float32Array(i + 1).fill(i), shape: [i + 1] } }),
      ),
    );
    answers.forEach(({ y }, i) => {
      expect(y).toEqual({ data: new Float32Array(i + 1).fill(2 * i), shape: [i + 1] });
    });
    await session.release();
  });

  it('pass the check of every operation', async () => {
    const reference = { ...(await defaultRuntime()), providers: ['cpu'] };
    const checks = await checkRuntime(runtime, { reference });
    for (const check of checks)
      expect(check).toMatchObject({ isRight: true, result: 0, gradient: 0 });
  });

  it('pass on why a graph is refused', async () => {
    const graph = new Graph();
    graph.output(graph.apply('NoSuchOperation', [graph.input('x', [1])], { shape: [1] }), 'y');
    await expect(Session.create(graph, { runtime })).rejects.toThrow(/NoSuchOperation/);
  });

  it('fail with an engine error when their thread is gone, under way and later', async () => {
    const own = workerRuntime({ program });
    const session = await Session.create(longGraph(), { runtime: own });
    session.bind('w', wave(SIZE * SIZE));
    const run = session.run({ x });
    await own.close();
    await expect(run).rejects.toMatchObject({ code: 'engine' });
    await expect(session.run({ x })).rejects.toMatchObject({ code: 'engine' });
    const nothing = workerRuntime({ program: new URL('./no-such-program.js', import.meta.url) });
    await expect(Session.create(longGraph(), { runtime: nothing })).rejects.toThrow('stopped');
  });
});

const bytes = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
