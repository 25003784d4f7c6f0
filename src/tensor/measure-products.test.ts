import { describe, expect, it } from 'vitest';
import { Session } from './index.ts';
import { measureProducts, productChain } from './measure-products.ts';

describe('a chain of products', () => {
  it('is x times w, often', async () => {
    const session = await Session.create(productChain(2, 3), { threads: 1 });
    // w^3 of ((1, 1), (0, 1)) is ((1, 3), (0, 1))
    const { y } = await session.run({
      x: Float32Array.of(1, 0, 0, 1),
      w: Float32Array.of(1, 1, 0, 1),
    });
    expect([...y!.data]).toEqual([1, 3, 0, 1]);
    await session.release();
  });
});

describe('measureProducts', () => {
  it('counts two operations per product of numbers, and takes the fastest run', async () => {
    // the clock: start, then begin and end of two runs, each with the look at the budget after it
    const times = [0, 0, 50, 50, 60, 70, 200];
    const now = (): number => times.shift()!;
    const gflops = await measureProducts({ size: 500, threads: 1, budgetMs: 100, now });
    // 2e9 / (2 x 500^3) = 8 products of 0.25 GFLOP, in 10 ms
    expect(gflops).toBeCloseTo(2 / 0.01, 9);
    expect(times).toEqual([]);
  });
});
