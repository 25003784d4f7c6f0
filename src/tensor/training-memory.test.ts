import { describe, expect, it } from 'vitest';
import {
  AdamW,
  clippingScale,
  GradientSum,
  Graph,
  globalNorm,
  gradientOutput,
  ops,
  Session,
} from './index.ts';

const WIDTH = 192;
const layers = ['w1', 'w2', 'w3'];
const sizes = new Map(layers.map((name) => [name, WIDTH * WIDTH]));

/** Three layers with a loss on their last: parameters are bound, rows are fed. */
async function network(): Promise<Session> {
  const graph = new Graph();
  const weights = layers.map((name) => graph.input(name, [WIDTH, WIDTH]));
  let hidden = graph.input('x', ['rows', WIDTH]);
  for (const weight of weights) hidden = ops.add(hidden, ops.silu(ops.linear(hidden, weight)));
  const loss = ops.sum(ops.mul(hidden, hidden));
  graph.output(hidden, 'hidden');
  graph.gradients(loss, weights).forEach((gradient, i) => {
    graph.output(gradient, gradientOutput(layers[i]!));
  });
  return Session.create(graph, { threads: 1 });
}

describe('training', () => {
  it('holds its memory: parameters, moments and gradients stay where they are', async () => {
    const session = await network();
    const parameters = new Map(
      layers.map((name, k) => [
        name,
        Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => Math.sin(i + k) / WIDTH),
      ]),
    );
    for (const [name, data] of parameters) session.bind(name, data);
    const sum = new GradientSum(session, sizes);
    const optimizer = new AdamW(parameters);
    const step = async (index: number): Promise<void> => {
      sum.clear();
      for (let batch = 0; batch < 2; batch++) {
        const rows = 200 + ((37 * index + 11 * batch) % 120); // about 200 KiB in and as much out
        const data = new Float32Array(rows * WIDTH).fill(1 / (1 + batch));
        const { hidden } = await sum.add({ x: { data, shape: [rows, WIDTH] } });
        expect(hidden!.shape).toEqual([rows, WIDTH]);
      }
      optimizer.step(sum.sums, 1e-3, clippingScale(globalNorm(sum.sums), 1));
    };
    for (let index = 0; index < 60; index++) await step(index);
    const before = process.memoryUsage().rss;
    for (let index = 60; index < 260; index++) await step(index);
    const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
    // a leak of what one step takes in or gives out would be 80 MiB, of its gradients 170 MiB
    expect(grownMiB).toBeLessThan(50);
    await session.release();
  });
});
