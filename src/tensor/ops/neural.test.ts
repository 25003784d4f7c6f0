import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../../test/support/check-operation.ts';
import { Graph, ops, Session } from '../index.ts';

const rows = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [
    ...values.subarray(i * width, (i + 1) * width),
  ]);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const softmax = (values: readonly number[]): number[] => {
  const exponents = values.map(Math.exp);
  return exponents.map((e) => e / total(exponents));
};
const named = (height: number, width: number, scale = 1) => ({
  shape: [height, width],
  dimensions: ['n', width],
  value: (u: number): number => scale * u,
});

describe('activations', () => {
  it('silu', async () => {
    await checkOperation({
      inputs: { x: named(3, 4, 3) },
      build: ({ x }) => ops.silu(x!),
      expected: ({ x }) => Array.from(x!, (v) => v / (1 + Math.exp(-v))),
    });
  });

  it('gelu', async () => {
    // x Phi(x) with Phi integrated from 0 by Simpson's rule
    const cumulative = (x: number): number => {
      const steps = 400;
      const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
      let sum = density(0) + density(x);
      for (let i = 1; i < steps; i++) sum += density((x * i) / steps) * (i % 2 ? 4 : 2);
      return 0.5 + (sum * x) / steps / 3;
    };
    await checkOperation({
      inputs: { x: named(3, 4, 3) },
      build: ({ x }) => ops.gelu(x!),
      expected: ({ x }) => Array.from(x!, (v) => v * cumulative(v)),
    });
  });
});

describe('softmax', () => {
  it('of the last axis', async () => {
    await checkOperation({
      inputs: { x: { shape: [2, 3, 4], value: (u) => 2 * u } },
      build: ({ x }) => ops.softmax(x!),
      expected: ({ x }) => rows(x!, 4).flatMap(softmax),
    });
  });
});

describe('mean', () => {
  it('of all elements, of one axis, and keeping the axis', async () => {
    await checkOperation({
      inputs: { x: { shape: [3, 4] } },
      build: ({ x }) => ops.mean(ops.mul(x!, x!)),
      expected: ({ x }) => [total(Array.from(x!, (v) => v * v)) / 12],
    });
    await checkOperation({
      inputs: { x: named(3, 4) },
      build: ({ x }) => ops.mean(x!, [1]),
      expected: ({ x }) => rows(x!, 4).map((row) => total(row) / 4),
    });
    await checkOperation({
      inputs: { x: named(3, 4) },
      build: ({ x }) => ops.mul(x!, ops.mean(x!, [1], true)),
      expected: ({ x }) => rows(x!, 4).flatMap((row) => row.map((v) => (v * total(row)) / 4)),
    });
  });
});

describe('rmsNorm', () => {
  it('scales rows to one and by the weight', async () => {
    await checkOperation({
      inputs: { x: named(3, 5), weight: { shape: [5], value: (u) => 1 + 0.5 * u } },
      build: ({ x, weight }) => ops.rmsNorm(x!, weight!, 0.1),
      expected: ({ x, weight }) =>
        rows(x!, 5).flatMap((row) => {
          const scale = 1 / Math.sqrt(total(row.map((v) => v * v)) / 5 + 0.1);
          return row.map((v, i) => v * scale * weight![i]!);
        }),
    });
  });
});

describe('tokenLogProbabilities', () => {
  it('is the log-softmax at the target', async () => {
    const targets = [2, 0, 4, 4];
    await checkOperation({
      inputs: {
        logits: named(4, 5, 2),
        targets: { shape: [4], dimensions: ['n'], integers: targets },
      },
      build: ({ logits, targets }) => ops.tokenLogProbabilities(logits!, targets!),
      expected: ({ logits }) =>
        rows(logits!, 5).map((row, i) => Math.log(softmax(row)[targets[i]!]!)),
    });
  });

  it('survives logits that overflow an exponential', async () => {
    const graph = new Graph();
    const logits = graph.input('logits', [1, 3]);
    const y = ops.tokenLogProbabilities(logits, graph.input('targets', [1], 'int64'));
    graph.output(y, 'y');
    graph.output(graph.gradients(ops.sum(y), [logits])[0]!, 'gradient');
    const session = await Session.create(graph, { threads: 1 });
    const out = await session.run({
      logits: Float32Array.of(500, 500, -500),
      targets: BigInt64Array.of(1n),
    });
    expect(out['y']!.data[0]).toBeCloseTo(-Math.LN2, 4);
    [-0.5, 0.5, 0].forEach((want, i) => {
      expect(out['gradient']!.data[i]).toBeCloseTo(want, 4);
    });
  });
});
