import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Graph, Session } from '../tensor/index.ts';
import type { BuildLoss } from './answer-step.ts';
import { grpoLoss, nextTokenLoss } from './loss.ts';

interface Run {
  readonly epsilon: number;
  readonly epsilonHigh: number;
  readonly beta: number;
  readonly oldLogProbabilities: number[];
  readonly referenceLogProbabilities: number[];
  readonly advantages: number[];
  readonly weights: number[];
  readonly updates: {
    logProbabilities: number[];
    loss: number;
    kl: number[];
    gradient: number[];
  }[];
}
const { runs }: { runs: Run[] } = JSON.parse(
  readFileSync(new URL('../../test/golden/grpo-loss.json', import.meta.url), 'utf8'),
);

/** Loss, outputs and gradient by the log-probabilities. */
async function evaluate(
  build: BuildLoss,
  inputs: Record<string, readonly number[]>,
): Promise<{ loss: number; gradient: number[]; outputs: Record<string, number[]> }> {
  const graph = new Graph();
  const logProbabilities = graph.input('logProbabilities', ['answers']);
  const { loss, outputs = {} } = build({ graph, parameters: new Map(), logProbabilities });
  graph.output(graph.gradients(loss, [logProbabilities])[0]!, 'gradient');
  graph.output(loss, 'loss');
  for (const [name, tensor] of Object.entries(outputs)) graph.output(tensor, `out:${name}`);
  const session = await Session.create(graph, { threads: 1 });
  const out = await session.run(
    Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [
        name,
        { data: Float32Array.from(values), shape: [values.length] },
      ]),
    ),
  );
  await session.release();
  const list = (name: string): number[] => Array.from(out[name]!.data, Number);
  return {
    loss: list('loss')[0]!,
    gradient: list('gradient'),
    outputs: Object.fromEntries(Object.keys(outputs).map((name) => [name, list(`out:${name}`)])),
  };
}

const expectNear = (got: readonly number[], want: readonly number[], digits = 6): void => {
  expect(got.length).toBe(want.length);
  want.forEach((value, i) => {
    expect(got[i], `element ${i}`).toBeCloseTo(value, digits);
  });
};

describe('nextTokenLoss', () => {
  it('is the weighted negative log-likelihood', async () => {
    const { loss, gradient } = await evaluate(nextTokenLoss, {
      logProbabilities: [-1, -2, -4],
      weights: [0.5, 0.25, 0],
    });
    expect(loss).toBeCloseTo(1, 6);
    expectNear(gradient, [-0.5, -0.25, 0]);
  });
});

describe('grpoLoss', () => {
  const logs = (ratios: readonly number[]): number[] => ratios.map((ratio) => Math.log(ratio) - 1);
  const old = (count: number): number[] => new Array<number>(count).fill(-1);

  it('clips what leaves the range on the good side, and only that', async () => {
    const ratios = [1, 1.5, 1.5, 0.5, 0.5, 1.1];
    const advantages = [2, 1, -1, 1, -1, 0];
    const { loss, gradient } = await evaluate(grpoLoss({ epsilon: 0.2, beta: 0 }), {
      logProbabilities: logs(ratios),
      oldLogProbabilities: old(6),
      advantages,
      weights: new Array<number>(6).fill(1),
    });
    // -min(r A, clip(r) A): -2, -1.2 (clipped), 1.5, -0.5, 0.8 (clipped), 0
    expect(loss).toBeCloseTo(-2 - 1.2 + 1.5 - 0.5 + 0.8, 5);
    expectNear(gradient, [-2, 0, 1.5, -0.5, 0, 0], 5);
  });

  it('takes a higher upper bound, as DAPO', async () => {
    const run = (epsilonHigh: number) =>
      evaluate(grpoLoss({ epsilon: 0.2, epsilonHigh, beta: 0 }), {
        logProbabilities: logs([1.25, 0.75]),
        oldLogProbabilities: old(2),
        advantages: [1, -1],
        weights: [1, 1],
      });
    expect((await run(0.28)).loss).toBeCloseTo(-1.25 + 0.8, 5);
    expectNear((await run(0.28)).gradient, [-1.25, 0], 5);
    expect((await run(0.2)).loss).toBeCloseTo(-1.2 + 0.8, 5);
  });

  it('adds beta times the divergence, which is zero at the reference', async () => {
    const { loss, gradient, outputs } = await evaluate(grpoLoss({ epsilon: 0.2, beta: 0.1 }), {
      logProbabilities: [-1, -1, -2],
      oldLogProbabilities: [-1, -1, -2],
      referenceLogProbabilities: [-1, -1 + Math.LN2, -2 - Math.LN2],
      advantages: [0, 0, 0],
      weights: [1, 1, 1],
    });
    const [up, down] = [2 - Math.LN2 - 1, 0.5 + Math.LN2 - 1];
    expectNear(outputs['kl']!, [0, up, down], 6);
    expect(loss).toBeCloseTo(0.1 * (up + down), 6);
    // d/dlog p (p_ref / p - log(p_ref / p)) = 1 - p_ref / p
    expectNear(gradient, [0, 0.1 * -1, 0.1 * 0.5], 6);
    expectNear(outputs['logProbabilities']!, [-1, -1, -2]);
  });

  it('needs no reference without beta', async () => {
    const { outputs } = await evaluate(grpoLoss({ epsilon: 0.2, beta: 0 }), {
      logProbabilities: [-1],
      oldLogProbabilities: [-1],
      advantages: [1],
      weights: [1],
    });
    expect(outputs).not.toHaveProperty('kl');
  });

  const cases = runs.flatMap((run, i) => run.updates.map((_, k) => [i, k + 1] as const));
  it.each(cases)('equals torch: settings %i, update %i', async (i, update) => {
    const run = runs[i]!;
    const wanted = run.updates[update - 1]!;
    const { oldLogProbabilities, referenceLogProbabilities, advantages, weights, beta } = run;
    const { loss, gradient, outputs } = await evaluate(grpoLoss(run), {
      logProbabilities: wanted.logProbabilities,
      oldLogProbabilities,
      advantages,
      weights,
      ...(beta > 0 ? { referenceLogProbabilities } : {}),
    });
    expect(loss).toBeCloseTo(wanted.loss, 5);
    expectNear(gradient, wanted.gradient, 6);
    if (beta > 0) expectNear(outputs['kl']!, wanted.kl, 5);
  });

  it('the golden updates leave the clip range', () => {
    for (const { updates } of runs) {
      const silent = updates.map(
        ({ gradient }) => gradient.slice(0, -6).filter((g) => g === 0).length,
      );
      expect(silent[0]).toBe(0);
    }
    expect(runs[0]!.updates[2]!.gradient.slice(0, -6).some((g) => g === 0)).toBe(true);
  });
});
