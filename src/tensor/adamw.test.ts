import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AdamW, clippingScale, globalNorm } from './adamw.ts';

interface Run {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly maxNorm: number;
  readonly start: Record<string, number[]>;
  readonly steps: {
    learningRate: number;
    gradients: Record<string, number[]>;
    norm: number;
    parameters: Record<string, number[]>;
  }[];
}
const { runs }: { runs: Run[] } = JSON.parse(
  readFileSync(new URL('../../test/golden/adamw.json', import.meta.url), 'utf8'),
);
const arrays = (values: Record<string, number[]>): Map<string, Float32Array> =>
  new Map(Object.entries(values).map(([name, list]) => [name, Float32Array.from(list)]));

describe('AdamW', () => {
  it('makes the two steps that one makes by hand', () => {
    const x = Float32Array.of(1, -2);
    const optimizer = new AdamW(new Map([['x', x]]), {
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0,
      weightDecay: 0.1,
    });
    // Corrected moments of a first step are g and g^2: it moves by the rate, after decay by 0.99.
    optimizer.step(new Map([['x', Float32Array.of(4, -0.5)]]), 0.1);
    expect(x[0]).toBeCloseTo(0.99 - 0.1, 6);
    expect(x[1]).toBeCloseTo(-1.98 + 0.1, 6);
    // g = 0, 1: m = 1, 0.375 over 3/4; v = 3, 0.296875 over 7/16.
    optimizer.step(new Map([['x', Float32Array.of(0, 1)]]), 0.1);
    expect(x[0]).toBeCloseTo(0.89 * 0.99 - (0.1 * (1 / 0.75)) / Math.sqrt(3 / 0.4375), 6);
    expect(x[1]).toBeCloseTo(
      -1.88 * 0.99 - (0.1 * (0.375 / 0.75)) / Math.sqrt(0.296875 / 0.4375),
      6,
    );
    expect(optimizer.steps).toBe(2);
  });

  it.each(runs.map((run, i) => [i, run] as const))('follows torch, settings %i', (_, run) => {
    const { beta1, beta2, epsilon, weightDecay } = run;
    const parameters = arrays(run.start);
    const decays = (name: string): boolean => name.startsWith('matrix');
    const optimizer = new AdamW(parameters, { beta1, beta2, epsilon, weightDecay, decays });
    for (const step of run.steps) {
      const gradients = arrays(step.gradients);
      const norm = globalNorm(gradients);
      expect(norm).toBeCloseTo(step.norm, 5);
      optimizer.step(gradients, step.learningRate, clippingScale(norm, run.maxNorm));
      for (const [name, values] of parameters) {
        step.parameters[name]!.forEach((want, i) => {
          expect(Math.abs(values[i]! - want), `${name}[${i}]`).toBeLessThan(2e-6);
        });
      }
    }
  });

  it('scales gradients before the moments', () => {
    const optimizer = new AdamW(new Map([['x', new Float32Array(1)]]), { beta1: 0.5, beta2: 0.75 });
    optimizer.step(new Map([['x', Float32Array.of(8)]]), 0.1, 0.25);
    expect(optimizer.firstMoments.get('x')![0]).toBeCloseTo(1, 6);
    expect(optimizer.secondMoments.get('x')![0]).toBeCloseTo(1, 6);
  });
});

describe('globalNorm', () => {
  it('is the length of all numbers as one vector', () => {
    expect(globalNorm(arrays({ a: [3, 0], b: [4], c: [12] }))).toBeCloseTo(13, 12);
    expect(globalNorm(new Map())).toBe(0);
    expect(globalNorm(arrays({ a: [1, Number.NaN] }))).toBeNaN();
  });

  it('does not overflow float32', () => {
    expect(globalNorm(arrays({ a: [3e30, 4e30] }))).toBeCloseTo(5e30, -25);
  });
});
