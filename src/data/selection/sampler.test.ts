import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { StratifiedSampler } from './sampler.ts';

/** The positions kept of rows whose strata are given. */
function draw(strata: readonly number[], quotas: ReadonlyMap<number, number>, seed: number) {
  const available = new Map<number, number>();
  for (const stratum of strata) available.set(stratum, (available.get(stratum) ?? 0) + 1);
  const sampler = new StratifiedSampler(available, quotas, random('sampler', seed));
  return strata.flatMap((stratum, i) => (sampler.keeps(stratum) ? [i] : []));
}

describe('StratifiedSampler', () => {
  it('draws every set of rows equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 10_000; seed++) {
      const key = draw([0, 0, 0, 0, 0], new Map([[0, 2]]), seed).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // 10 pairs; chi-square with 9 degrees of freedom is above 27.9 once in a thousand
    expect(counts.size).toBe(10);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(27.9);
  });

  it('keeps exactly the quota of each stratum, all or none of it included', () => {
    const strata = Array.from({ length: 400 }, (_, i) => i % 4);
    const quotas = new Map([
      [0, 0],
      [1, 100],
      [2, 37],
    ]);
    for (let seed = 0; seed < 50; seed++) {
      const kept = draw(strata, quotas, seed).map((i) => strata[i]);
      expect([0, 1, 2, 3].map((stratum) => kept.filter((k) => k === stratum).length)).toEqual([
        0, 100, 37, 0,
      ]);
    }
  });

  it('knows when the rows were not those announced', () => {
    const sampler = () => new StratifiedSampler(new Map([[0, 2]]), new Map(), random('done'));
    const passed = (rows: number) => {
      const one = sampler();
      for (let row = 0; row < rows; row++) one.keeps(0);
      return one.isDone;
    };
    expect([1, 2, 3].map(passed)).toEqual([false, true, false]);
    expect(sampler().keeps(9)).toBe(false);
  });
});
