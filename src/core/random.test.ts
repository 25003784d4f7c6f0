import { describe, expect, it } from 'vitest';
import { random, shuffled } from './random.ts';

describe('random', () => {
  it('gives the same stream for the same key and another for another', () => {
    const draw = (...key: (number | string)[]) => {
      const source = random(...key);
      return Array.from({ length: 8 }, () => source.uniform());
    };
    expect(draw(1, 'sft', 7)).toEqual(draw(1, 'sft', 7));
    expect(draw(1, 'sft', 7)).not.toEqual(draw(1, 'sft', 8));
    expect(draw(1, 'sft', 7)).not.toEqual(draw(1, 'grpo', 7));
    expect(draw('ab', 'c')).not.toEqual(draw('a', 'bc'));
  });

  it('is uniform: mean, variance and 16 bins of 160,000 draws', () => {
    const source = random('uniformity');
    const bins = new Array<number>(16).fill(0);
    let sum = 0;
    let squares = 0;
    const n = 160_000;
    for (let i = 0; i < n; i++) {
      const x = source.uniform();
      sum += x;
      squares += x * x;
      bins[Math.floor(x * 16)]!++;
    }
    expect(sum / n).toBeCloseTo(0.5, 2);
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1 / 12, 2);
    const chiSquare = bins.reduce((total, count) => total + (count - n / 16) ** 2 / (n / 16), 0);
    expect(chiSquare).toBeLessThan(37.7); // 15 degrees of freedom, p = 0.001
  });

  it('draws standard normals', () => {
    const source = random('normal');
    const draws = Array.from({ length: 50_000 }, () => source.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it('shuffles to a permutation and leaves the input alone', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const out = shuffled(items, random(3));
    expect(out).not.toEqual(items);
    expect(out.toSorted((a, b) => a - b)).toEqual(items);
  });
});
