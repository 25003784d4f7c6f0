import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../../test/support/check-operation.ts';
import { Graph, ops } from '../index.ts';

/** (n, k) x (k, m), each stored transposed where flagged. */
function product(
  a: Float32Array,
  b: Float32Array,
  [n, k, m]: readonly [number, number, number],
  transposeA = false,
  transposeB = false,
): number[] {
  return Array.from({ length: n * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let l = 0; l < k; l++)
      sum += a[transposeA ? l * n + i : i * k + l]! * b[transposeB ? j * k + l : l * m + j]!;
    return sum;
  });
}

describe('gemm', () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('with transposeA %s, transposeB %s', async (transposeA, transposeB) => {
    await checkOperation({
      inputs: {
        a: { shape: transposeA ? [5, 3] : [3, 5] },
        b: { shape: transposeB ? [4, 5] : [5, 4] },
      },
      build: ({ a, b }) => ops.gemm(a!, b!, { transposeA, transposeB }),
      expected: ({ a, b }) => product(a!, b!, [3, 5, 4], transposeA, transposeB),
    });
  });

  it('refuses inner sizes that differ', () => {
    const graph = new Graph();
    const [a, b] = [graph.input('a', [3, 5]), graph.input('b', [4, 5])];
    expect(() => ops.gemm(a, b)).toThrow('[3,5] x [4,5]');
    expect(() => ops.gemm(a, b, { transposeB: true })).not.toThrow();
    expect(() => ops.gemm(graph.input('c', [5]), b)).toThrow('[5] x [4,5]');
  });
});

describe('linear', () => {
  it.each([[true], [false]])('of named rows, with a bias: %s', async (hasBias) => {
    await checkOperation({
      inputs: {
        x: { shape: [6, 3], dimensions: ['rows', 3] },
        weight: { shape: [4, 3] },
        ...(hasBias ? { bias: { shape: [4] } } : {}),
      },
      build: ({ x, weight, bias }) => ops.linear(x!, weight!, bias),
      expected: ({ x, weight, bias }) =>
        product(x!, weight!, [6, 3, 4], false, true).map((y, i) => y + (bias?.[i % 4] ?? 0)),
    });
  });
});

describe('matmul', () => {
  it.each([[false], [true]])('of batches, transposeB %s', async (transposeB) => {
    await checkOperation({
      inputs: {
        a: { shape: [2, 2, 3, 4], dimensions: ['n', 2, 3, 4] },
        b: {
          shape: transposeB ? [2, 2, 5, 4] : [2, 2, 4, 5],
          dimensions: transposeB ? ['n', 2, 5, 4] : ['n', 2, 4, 5],
        },
      },
      build: ({ a, b }) => ops.matmul(a!, b!, { transposeB }),
      expected: ({ a, b }) =>
        Array.from({ length: 4 }, (_, n) =>
          product(
            a!.subarray(12 * n, 12 * n + 12),
            b!.subarray(20 * n, 20 * n + 20),
            [3, 4, 5],
            false,
            transposeB,
          ),
        ).flat(),
    });
  });

  it('repeats the axes in front where one side lacks them, and sums their gradients', async () => {
    await checkOperation({
      inputs: { a: { shape: [3, 1, 2, 4] }, b: { shape: [2, 4, 2] } },
      build: ({ a, b }) => ops.matmul(a!, b!),
      expected: ({ a, b }) =>
        Array.from({ length: 6 }, (_, n) =>
          product(
            a!.subarray(8 * Math.floor(n / 2), 8 * Math.floor(n / 2) + 8),
            b!.subarray(8 * (n % 2), 8 * (n % 2) + 8),
            [2, 4, 2],
          ),
        ).flat(),
    });
  });
});
