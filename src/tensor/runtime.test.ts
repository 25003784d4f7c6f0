import * as web from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { Graph, ops, Session, useRuntime } from './index.ts';

/** The browser's runtime also runs in Node.js, on one thread of WebAssembly. */
beforeAll(() => {
  web.env.wasm.numThreads = 1;
  useRuntime({ InferenceSession: web.InferenceSession, Tensor: web.Tensor });
});

describe('onnxruntime-web, handed in', () => {
  it('runs graphs with gradients, bound inputs and bound outputs', async () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', ['n', 2]), graph.input('w', [3, 2])];
    const y = ops.linear(x, w);
    const loss = ops.sum(ops.mul(y, y));
    graph.output(loss, 'loss');
    graph.output(graph.gradients(loss, [w])[0]!, 'gradient');
    const session = await Session.create(graph);
    const weight = Float32Array.of(1, 0, 0, 1, 1, 1);
    const gradient = new Float32Array(6);
    session.bind('w', weight);
    session.bind('gradient', gradient);
    const feeds = { x: { data: Float32Array.of(3, -2), shape: [1, 2] } };
    // y = (3, -2, 1); d/dw = 2 y x^T
    expect((await session.run(feeds))['loss']!.data[0]).toBe(14);
    expect([...gradient]).toEqual([18, -12, -12, 8, 6, -4]);
    weight.fill(0);
    expect((await session.run(feeds))['loss']!.data[0]).toBe(0);
    expect([...gradient]).toEqual([0, 0, 0, 0, 0, 0]);
    await session.release();
  });

  it('reads stored weights, cast from 16 bits, from bytes in memory', async () => {
    const graph = new Graph();
    const weight = graph.stored('w', [2], { file: 'w.safetensors', begin: 2, type: 'float16' });
    graph.output(ops.mul(graph.input('x', [2]), weight), 'y');
    const bytes = new Uint8Array(Uint16Array.of(0, 0x3c00, 0xc000).buffer); // 0, 1, -2
    const session = await Session.create(graph, { weights: new Map([['w.safetensors', bytes]]) });
    expect([...(await session.run({ x: Float32Array.of(5, 7) }))['y']!.data]).toEqual([5, -14]);
    await session.release();
  });
});
