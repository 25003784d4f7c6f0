import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mean } from '../evaluate/index.ts';
import { groupAdvantages } from '../rewards/index.ts';
import { Graph, Session, type Shaped } from '../tensor/index.ts';
import type { BuildLoss } from './answer-step.ts';
import { completionMembership, grpoLoss, nextTokenLoss } from './loss.ts';
import { type GrpoLossType, lossWeights } from './loss-weights.ts';

const numbers = z.array(z.number());
const golden = z
  .object({
    lengths: numbers,
    maxCompletionLength: z.number(),
    runs: z.array(
      z.object({
        lossType: z.enum(['grpo', 'bnpo', 'dr_grpo', 'dapo']),
        level: z.enum(['token', 'sequence']),
        epsilon: z.number(),
        epsilonHigh: z.number(),
        beta: z.number(),
        rewards: numbers,
        advantages: numbers,
        oldLogProbabilities: numbers,
        referenceLogProbabilities: numbers,
        updates: z.array(
          z.object({
            logProbabilities: numbers,
            loss: z.number(),
            kl: z.number(),
            clipped: z.number(),
            gradient: numbers,
          }),
        ),
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../test/golden/grpo-loss.json', import.meta.url), 'utf8')),
  );
const { runs } = golden;

/** Loss, outputs and gradient by the log-probabilities. */
async function evaluate(
  build: BuildLoss,
  inputs: Record<string, readonly number[] | Shaped>,
): Promise<{ loss: number; gradient: number[]; outputs: Record<string, number[]> }> {
  const graph = new Graph();
  const logProbabilities = graph.input('logProbabilities', ['answers']);
  const { loss, outputs = {} } = build({
    graph,
    parameters: new Map(),
    trained: new Map(),
    logits: logProbabilities,
    logProbabilities,
  });
  graph.output(graph.gradients(loss, [logProbabilities])[0]!, 'gradient');
  graph.output(loss, 'loss');
  for (const [name, tensor] of Object.entries(outputs)) graph.output(tensor, `out:${name}`);
  const session = await Session.create(graph, { threads: 1 });
  const out = await session.run(
    Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [
        name,
        'shape' in values ? values : { data: Float32Array.from(values), shape: [values.length] },
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

  const { lengths, maxCompletionLength } = golden;
  const perToken = (values: readonly number[]): number[] =>
    lengths.flatMap((length, i) => new Array<number>(length).fill(values[i]!));
  const completionOf = Int32Array.from(perToken(lengths.map((_, i) => i)));
  const cases = runs.flatMap((run) => run.updates.map((_, i) => ({ ...run, update: i + 1 })));

  it.each(cases)(
    'equals TRL: $lossType by $level, beta $beta, update $update',
    async ({ updates, update, ...run }) => {
      const wanted = updates[update - 1]!;
      const { oldLogProbabilities, referenceLogProbabilities, beta, level } = run;
      const { loss, gradient, outputs } = await evaluate(grpoLoss({ ...run, ratioLevel: level }), {
        logProbabilities: wanted.logProbabilities,
        oldLogProbabilities,
        advantages: perToken(run.advantages),
        weights: perToken(lossWeights(run.lossType, lengths, { maxCompletionLength })),
        ...(beta > 0 ? { referenceLogProbabilities } : {}),
        ...(level === 'sequence' ? completionMembership(completionOf) : {}),
      });
      expect(loss).toBeCloseTo(wanted.loss, 5);
      expectNear(gradient, wanted.gradient, 6);
      if (beta > 0) expect(mean(outputs['kl']!)).toBeCloseTo(wanted.kl, 5);
    },
  );

  it('the golden updates leave the clip range, and not all at once', () => {
    for (const { updates } of runs) {
      expect(updates[0]!.clipped).toBe(0);
      expect(updates[2]!.clipped).toBeGreaterThan(0);
    }
    expect(runs.filter(({ updates }) => updates[1]!.clipped < 1)).toHaveLength(runs.length);
  });

  it('advantages are those of TRL', () => {
    for (const { rewards, advantages } of runs) {
      const groups = rewards.map(() => 'one');
      expectNear(groupAdvantages(rewards, groups).advantages, advantages, 5);
    }
  });
});

describe('lossWeights', () => {
  const lengths = [2, 4, 2];
  it.each<[GrpoLossType, number[]]>([
    ['grpo', [1 / 6, 1 / 12, 1 / 6]],
    ['dapo', [1 / 8, 1 / 8, 1 / 8]],
    ['dr_grpo', [1 / 30, 1 / 30, 1 / 30]],
    ['bnpo', [1 / 12, 1 / 12, 1 / 4]],
  ])('%s, worked by hand, two completions a pass', (type, wanted) => {
    expectNear(lossWeights(type, lengths, { maxCompletionLength: 10, perPass: 2 }), wanted, 12);
  });
});
