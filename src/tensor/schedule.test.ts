import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { learningRateAt, type Schedule } from './schedule.ts';

const curve = (schedule: Schedule, steps: number, warmupSteps: number, peak = 1): number[] =>
  Array.from({ length: steps }, (_, step) =>
    learningRateAt(step, { peak, steps, warmupSteps, schedule }),
  );

interface Golden {
  readonly peak: number;
  readonly steps: number;
  readonly curves: readonly { name: string; warmupSteps: number; rates: number[] }[];
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../test/golden/schedules.json', import.meta.url), 'utf8'),
);

describe('learningRateAt', () => {
  it.each(golden.curves)(
    'follows transformers: $name, $warmupSteps steps of warm-up',
    ({ name, warmupSteps, rates }) => {
      const { peak, steps } = golden;
      const [schedule, hasMinimum] = name.split(' with ');
      const options = {
        ...{ peak, steps, warmupSteps, schedule: schedule as Schedule },
        minimumShare: hasMinimum ? 0.1 : 0,
      };
      rates.forEach((rate, step) => {
        const own = learningRateAt(step, { ...options, warmsUpFromZero: true });
        expect(Math.abs(own - rate), `step ${step}`).toBeLessThan(1e-15);
        // ours by default is one step ahead in the warm-up and the same after it
        const ahead = rates[step < warmupSteps ? step + 1 : step]!;
        expect(Math.abs(learningRateAt(step, options) - ahead)).toBeLessThan(1e-15);
      });
    },
  );

  it.each<[Schedule, number[]]>([
    ['constant', [0.5, 1, 1, 1, 1, 1]],
    ['linear', [0.5, 1, 1, 0.75, 0.5, 0.25]],
    ['cosine', [0.5, 1, 1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2]],
  ])('%s, after two steps of warm-up', (schedule, rates) => {
    curve(schedule, 6, 2).forEach((rate, step) => {
      expect(rate, `step ${step}`).toBeCloseTo(rates[step]!, 12);
    });
  });

  it('starts at the peak without warm-up, and multiplies it', () => {
    expect(curve('linear', 4, 0, 2e-3)).toEqual([2e-3, 1.5e-3, 1e-3, 0.5e-3]);
  });

  it('is never zero nor above the peak inside a run', () => {
    for (const schedule of ['constant', 'linear', 'cosine'] as const)
      for (const warmup of [0, 3, 10, 40])
        for (const rate of curve(schedule, 10, warmup)) {
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(1);
        }
  });
});
