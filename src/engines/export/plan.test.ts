import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, countedSteps, warmupSteps } from './plan.ts';
import { testPlan } from './test-plan.test-support.ts';

const cluster = (nodes: number) => ({
  ...{ nodes, gpusPerNode: 8, processesPerNode: 8, root: '/shared/run' },
});

describe('batchesOf', () => {
  it('keeps groups on a process and the size of a step, for any numbers that fit', () => {
    const prompts = fc.integer({ min: 1, max: 64 });
    const size = fc.integer({ min: 2, max: 16 });
    fc.assert(
      fc.property(prompts, size, fc.constantFrom(1, 2, 4), fc.constantFrom(1, 2), (p, g, u, n) => {
        fc.pre((p * g) % u === 0);
        const numbers = { promptsPerStep: p * 8 * n, groupSize: g, updatesPerStep: u };
        const batches = batchesOf(testPlan({ numbers, cluster: cluster(n) }));
        const { perDevice, accumulation, passesPerGeneration } = batches;
        expect((perDevice * passesPerGeneration) % g).toBe(0);
        expect(perDevice * passesPerGeneration * 8 * n).toBe(p * 8 * n * g);
        expect(perDevice * accumulation * 8 * n * u).toBe(p * 8 * n * g);
        expect(perDevice).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('refuses a step that would split a group, and says what would do', () => {
    const plan = testPlan({ numbers: { promptsPerStep: 12 } });
    expect(() => batchesOf(plan)).toThrow(/12 cannot be split over 8 processes in whole prompts/);
    const uneven = testPlan({ numbers: { promptsPerStep: 8, groupSize: 3, updatesPerStep: 2 } });
    expect(() => batchesOf(uneven)).toThrow(/not 2 equal updates/);
  });

  it('splits the rows of SFT', () => {
    expect(batchesOf(testPlan({ stage: 'sft' }))).toEqual({
      ...{ perDevice: 4, accumulation: 2, passesPerGeneration: 1 },
    });
  });
});

describe('countedSteps', () => {
  it('counts updates in TRL and generations in verl', () => {
    const numbers = { promptsPerStep: 128, updatesPerStep: 2 };
    const rows = { train: 200_000, validation: 0 };
    // 200,000 prompts in generations of 128 are 1,562 and a rest
    expect(countedSteps(testPlan({ numbers, rows }))).toBe(3124);
    expect(countedSteps(testPlan({ numbers, rows, engine: 'verl' }))).toBe(1562);
    const limited = { engineSettings: { max_steps: 7 } };
    expect(countedSteps(testPlan({ numbers, rows, ...limited }))).toBe(7);
  });

  it('refuses rows that are not one step', () => {
    expect(() => countedSteps(testPlan({ rows: { train: 127, validation: 0 } }))).toThrow(
      /127 rows are not one step of 128/,
    );
  });

  it('gives the warm-up in steps', () => {
    const numbers = { warmupRatio: 0.01, promptsPerStep: 8, updatesPerStep: 1 };
    expect(warmupSteps(testPlan({ numbers, rows: { train: 1208, validation: 0 } }))).toBe(2);
    expect(warmupSteps(testPlan({ numbers: { warmupRatio: 0 } }))).toBe(0);
  });
});
