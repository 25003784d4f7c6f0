import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../../test/support/check-operation.ts';
import { random } from '../../core/index.ts';
import { Graph, ops, Session } from '../index.ts';

describe('gatherRows', () => {
  const indices = [3, 0, 3, 3, 1];
  it('takes rows, often if asked, and adds up their gradients', async () => {
    await checkOperation({
      inputs: {
        table: { shape: [4, 2], dimensions: ['n', 2] },
        indices: { shape: [5], dimensions: ['rows'], integers: indices },
      },
      build: (t) => {
        const rows = ops.gatherRows(t['table']!, t['indices']!);
        return ops.mul(rows, rows);
      },
      expected: (v) =>
        indices.flatMap((row) => [v['table']![2 * row]! ** 2, v['table']![2 * row + 1]! ** 2]),
    });
  });

  it('gradients of repeated rows repeat to the bit', async () => {
    const [vocabulary, width, rows] = [8, 64, 3000];
    const graph = new Graph();
    const table = graph.input('table', [vocabulary, width]);
    const picked = ops.gatherRows(table, graph.input('indices', [rows], 'int64'));
    const weights = graph.input('weights', [rows, width]);
    graph.output(graph.gradients(ops.sum(ops.mul(picked, weights)), [table])[0]!, 'gradient');
    const source = random('rows.test');
    const feeds = {
      table: new Float32Array(vocabulary * width),
      indices: BigInt64Array.from({ length: rows }, () => BigInt(source.integer(vocabulary))),
      weights: Float32Array.from({ length: rows * width }, () => source.normal()),
    };
    const session = await Session.create(graph, { threads: 2 });
    const wanted = new Float64Array(vocabulary * width);
    feeds.indices.forEach((row, i) => {
      for (let c = 0; c < width; c++)
        wanted[Number(row) * width + c]! += feeds.weights[i * width + c]!;
    });
    let first: Float32Array | undefined;
    for (let run = 0; run < 20; run++) {
      const gradient = (await session.run(feeds))['gradient']!.data as Float32Array;
      first ??= gradient.slice();
      expect(Buffer.compare(Buffer.from(gradient.slice().buffer), Buffer.from(first.buffer))).toBe(
        0,
      );
    }
    wanted.forEach((want, i) => {
      expect(Math.abs(first![i]! - want)).toBeLessThan(1e-3);
    });
  });
});

describe('replaceRows', () => {
  it('puts rows in the places named; what was there has gradient zero', async () => {
    await checkOperation({
      inputs: {
        x: { shape: [4, 3], dimensions: ['n', 3] },
        at: { shape: [2], dimensions: ['k'], integers: [3, 1] },
        y: { shape: [2, 3], dimensions: ['k', 3] },
      },
      build: ({ x, at, y }) => {
        const replaced = ops.replaceRows(x!, at!, y!);
        return ops.mul(replaced, replaced);
      },
      expected: ({ x, y }) =>
        [
          ...x!.subarray(0, 3),
          ...y!.subarray(3, 6),
          ...x!.subarray(6, 9),
          ...y!.subarray(0, 3),
        ].map((v) => v * v),
    });
  });
});
