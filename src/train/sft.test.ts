import { describe, expect, it } from 'vitest';
import { batchIndices } from './batch-indices.ts';
import { exampleOf } from './example.ts';

const epoch = (seed: number, number: number, batch = 6, size = 24): number[] =>
  Array.from({ length: size / batch }, (_, i) =>
    batchIndices(seed, (number * size) / batch + i, batch, size),
  ).flat();
const all = Array.from({ length: 24 }, (_, i) => i);
const sorted = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);

describe('batchIndices', () => {
  it('shows every sample once an epoch', () => {
    for (const number of [0, 1, 5]) expect(sorted(epoch(1, number))).toEqual(all);
  });

  it('in a new order every epoch and for every seed', () => {
    expect(epoch(1, 0)).not.toEqual(all);
    expect(epoch(1, 1)).not.toEqual(epoch(1, 0));
    expect(epoch(2, 0)).not.toEqual(epoch(1, 0));
  });

  it('depends on nothing but its arguments', () => {
    const wanted = batchIndices(1, 2, 6, 24);
    batchIndices(1, 9, 6, 24);
    batchIndices(3, 2, 5, 20);
    expect(batchIndices(1, 2, 6, 24)).toEqual(wanted);
  });

  it('leaves the rest of an epoch out when batches do not divide it', () => {
    const steps = [0, 1, 2].flatMap((step) => batchIndices(1, step, 7, 24));
    expect(new Set(steps).size).toBe(21);
    expect(new Set(batchIndices(1, 3, 7, 24)).size).toBe(7);
    expect(batchIndices(1, 3, 7, 24)).not.toEqual(batchIndices(1, 0, 7, 24));
  });

  it('repeats samples when there are fewer than a batch takes', () => {
    const indices = batchIndices(1, 0, 7, 3);
    expect(indices).toHaveLength(7);
    expect(sorted([...new Set(indices)])).toEqual([0, 1, 2]);
  });
});

describe('exampleOf', () => {
  const turn = (prompt: number[], ...answer: number[]) => ({ prompt, answer });
  it('shares what all prompts begin with', () => {
    expect(exampleOf([turn([1, 2, 3, 4], 8), turn([1, 2, 5], 9), turn([1, 2, 3], 10)], 6)).toEqual({
      prompt: [1, 2],
      images: [6],
      questions: [[3, 4], [5], [3]],
      completions: [[8], [9], [10]],
    });
  });

  it('of prompts that begin with each other, and of one', () => {
    expect(exampleOf([turn([1, 2, 3], 8), turn([1, 2], 9)], 0)).toMatchObject({
      prompt: [1, 2],
      questions: [[3], []],
    });
    expect(exampleOf([turn([1, 2], 9), turn([1, 2, 3], 8)], 0)).toMatchObject({
      prompt: [1, 2],
      questions: [[], [3]],
    });
    expect(exampleOf([turn([1, 2], 9)], 0)).toMatchObject({ prompt: [1, 2], questions: [[]] });
  });
});
