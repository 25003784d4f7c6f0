import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { argmax, draw, restrict, truncate } from './sampling.ts';

const none = new Set<number>();
const source = (...values: number[]) => ({
  ...random(1),
  uniform: () => values.shift() ?? 0,
});

describe('argmax', () => {
  it('finds the first largest inside its range that is not banned', () => {
    const p = Float32Array.of(0.9, 0.1, 0.4, 0.4, 0.1, 0.9);
    expect(argmax(p, 1, 4, none)).toBe(1);
    expect(argmax(p, 1, 4, new Set([1]))).toBe(2);
    expect(argmax(p, 1, 4, new Set([1, 2]))).toBe(0);
  });
});

describe('draw', () => {
  const p = Float32Array.of(9, 0.25, 0, 0.5, 0.25, 9);
  it.each([
    [0, 0],
    [0.2499, 0],
    [0.25, 2],
    [0.74, 2],
    [0.76, 3],
    [0.9999999, 3],
  ])('%d falls on token %i', (u, token) => {
    expect(draw(p, 1, 4, none, source(u))).toBe(token);
  });

  it('draws again when a token is banned', () => {
    expect(draw(p, 1, 4, new Set([2]), source(0.3, 0.5, 0.1))).toBe(0);
    expect(draw(p, 1, 4, new Set([0, 2]), source(...new Array(100).fill(0.3)))).toBe(3);
  });

  it('never takes a token of probability zero, even when rounding leaves a rest', () => {
    expect(draw(Float32Array.of(0.5, 0.4999, 0), 0, 3, none, source(0.99999))).toBe(1);
  });

  it('follows the distribution', () => {
    const counts = [0, 0, 0, 0];
    const stream = random('sampling.test');
    for (let i = 0; i < 4000; i++) counts[draw(p, 1, 4, none, stream)]!++;
    expect(counts[1]).toBe(0);
    // four standard deviations of a count of 1000 (2000) in 4000
    expect(Math.abs(counts[0]! - 1000)).toBeLessThan(110);
    expect(Math.abs(counts[2]! - 2000)).toBeLessThan(127);
  });
});

describe('restrict', () => {
  it('shares the probability of what is left, evenly when there is none', () => {
    const p = Float32Array.of(0.5, 0.125, 0.375, 0);
    restrict(p, Uint8Array.of(0, 1, 1, 1));
    expect([...p]).toEqual([0, 0.25, 0.75, 0]);
    restrict(p, Uint8Array.of(1, 0, 0, 1));
    expect([...p]).toEqual([0.5, 0, 0, 0.5]);
  });
});

describe('truncate', () => {
  const cut = (options: object): number[] => {
    const p = Float32Array.of(7, 0.125, 0.5, 0.25, 0.125, 7);
    truncate(p, 1, 4, options);
    expect([p[0], p[5]]).toEqual([7, 7]);
    return [...p.subarray(1, 5)];
  };
  it.each<[object, number[]]>([
    [{}, [0.125, 0.5, 0.25, 0.125]],
    [{ topK: 1 }, [0, 1, 0, 0]],
    [{ topK: 2 }, [0, 2 / 3, 1 / 3, 0]],
    [{ topK: 3 }, [1 / 7, 4 / 7, 2 / 7, 0]],
    [{ topP: 0.5 }, [0, 1, 0, 0]],
    [{ topP: 0.51 }, [0, 2 / 3, 1 / 3, 0]],
    [{ topP: 0.9, topK: 1 }, [0, 1, 0, 0]],
    [{ topP: 0.75, topK: 3 }, [0, 2 / 3, 1 / 3, 0]],
  ])('%j', (options, wanted) => {
    cut(options).forEach((p, i) => {
      expect(p).toBeCloseTo(wanted[i]!, 6);
    });
  });
});
