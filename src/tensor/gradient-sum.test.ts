import { describe, expect, it } from 'vitest';
import { GradientSum, Graph, gradientOutput, ops, Session } from './index.ts';

/** loss = sum of w x, so that d loss / d w is x; and of b, whose gradient is 1. */
async function linearSession(): Promise<Session> {
  const graph = new Graph();
  const [w, x, b] = [graph.input('w', [3]), graph.input('x', [3]), graph.input('b', [1])];
  const loss = ops.add(ops.sum(ops.mul(w, x)), ops.sum(b));
  graph.output(loss, 'loss');
  const [dw, db] = graph.gradients(loss, [w, b]);
  graph.output(dw!, gradientOutput('w'));
  graph.output(db!, gradientOutput('b'));
  const session = await Session.create(graph, { threads: 1 });
  session.bind('w', Float32Array.of(1, 2, 3));
  session.bind('b', Float32Array.of(10));
  return session;
}
const sizes = new Map([
  ['w', 3],
  ['b', 1],
]);

describe('a sum of gradients', () => {
  it('is that of the batches since it was cleared, whatever their number', async () => {
    const sum = new GradientSum(await linearSession(), sizes);
    const [w, b] = [sum.sums.get('w')!, sum.sums.get('b')!];
    for (const batches of [1, 3, 1, 2]) {
      sum.clear();
      for (let i = 1; i <= batches; i++) {
        const results = await sum.add({ x: Float32Array.of(i, 10 * i, -i) });
        expect(Object.keys(results)).toEqual(['loss']);
        expect(results['loss']!.data[0]).toBe(10 + i + 20 * i - 3 * i);
      }
      const total = (batches * (batches + 1)) / 2;
      expect([...w, ...b]).toEqual([total, 10 * total, -total, batches]);
    }
    expect(sum.sums.get('w')).toBe(w); // one place for the optimiser to read
  });
});
