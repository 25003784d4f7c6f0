import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  tinyModelConfig as config,
  EOS,
  formulaImage,
  formulaParameters,
  noise,
} from '../../test/support/tiny-model.ts';
import { toyModel } from '../../test/support/toy-task.ts';
import { DEFAULT_PREPROCESSOR } from '../model/checkpoint/index.ts';
import { type Model, type Parameters, pack, prepareImage } from '../model/index.ts';
import { groupAdvantages } from '../rewards/index.ts';
import { AdamW, clippingScale, globalNorm } from '../tensor/index.ts';
import { AnswerScorer } from './answer-step.ts';
import { imageBatch } from './draw-images.ts';
import {
  type JudgedRollout,
  PolicyGradient,
  type PolicyGradientSettings,
} from './policy-gradient.ts';

const numbers = z.array(z.number());
const sketches = z.array(numbers);
const golden = z
  .object({
    maxCompletionLength: z.number(),
    temperature: z.number(),
    learningRate: z.number(),
    weightDecay: z.number(),
    adamEpsilon: z.number(),
    decaying: z.array(z.string()),
    maxGradNorm: z.number(),
    prompts: z.array(numbers),
    completions: z.array(numbers),
    rewards: z.array(z.number().nullable()),
    oldLogProbabilities: z.array(numbers),
    runs: z.array(
      z.object({
        lossType: z.enum(['grpo', 'bnpo', 'dr_grpo', 'dapo', 'cispo', 'sapo', 'luspo']),
        ratioLevel: z.enum(['token', 'sequence']),
        beta: z.number(),
        epsilon: z.number(),
        epsilonHigh: z.number(),
        advantages: z.enum(['std', 'mean', 'batch-std']),
        promptsPerPass: z.number(),
        advantageValues: numbers,
        updates: z.array(
          z.object({
            loss: z.number(),
            gradNorm: z.number(),
            kl: numbers.optional(),
            clippedLow: numbers.optional(),
            clippedHigh: numbers.optional(),
            gradients: sketches,
          }),
        ),
        moved: sketches,
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../test/golden/policy.json', import.meta.url), 'utf8')),
  );
const { prompts, completions, rewards } = golden;
const groupSize = completions.length / prompts.length;
const images = prompts.map((_, number) => {
  const [width, height] = [84, 56];
  const data = formulaImage(number, width * height * 3);
  const preprocessor = { ...DEFAULT_PREPROCESSOR, minPixels: 56 * 56, maxPixels: 40 * 28 * 28 };
  return prepareImage({ width, height, data }, config.vision_config, preprocessor);
});
const shape = { grid: images[0]!.grid, length: 40, temperature: golden.temperature, threads: 1 };

/** The formula's model. The tokenizer is not used. */
const freshModel = (): Model => ({ ...toyModel(), config, parameters: formulaParameters(config) });

/** The formula's parameters, moved a little. */
function referenceParameters(): Parameters {
  const parameters = formulaParameters(config);
  [...parameters.keys()].sort().forEach((name, place) => {
    const { data } = parameters.get(name)!;
    const moved = Float32Array.from(noise(6000 + place, data.length), (u) => 0.02 * u);
    for (let i = 0; i < data.length; i++) data[i] = data[i]! + moved[i]!;
  });
  return parameters;
}

/** Norm and projections of every array, as `make_policy_golden.py` takes them. */
const sketch = (arrays: ReadonlyMap<string, Float32Array>): number[][] =>
  [...arrays.keys()].sort().map((name, place) => {
    const values = arrays.get(name)!;
    const along = (vector: Float64Array): number =>
      values.reduce((sum, value, i) => sum + value * vector[i]!, 0);
    return [
      Math.hypot(...values),
      ...[0, 1].map((k) => along(noise(4000 + 2 * place + k, values.length))),
    ];
  });

/** Log-probabilities of the completions under the model as it begins. */
async function oldLogProbabilities(): Promise<Float32Array[]> {
  const { parameters } = freshModel();
  const scorer = await AnswerScorer.create(config, parameters, shape);
  const shown = imageBatch(images);
  const examples = prompts.map((prompt, image) => ({
    prompt,
    images: [image],
    completions: completions.slice(image * groupSize, (image + 1) * groupSize),
  }));
  const batch = pack(examples, { length: shape.length, config, grids: shown.grids });
  const { logProbabilities } = await scorer.score(batch, shown);
  const found = completions.map((): number[] => []);
  batch.answerCompletions.forEach((completion, i) => {
    found[completion]!.push(logProbabilities[i]!);
  });
  await scorer.release();
  return found.map((list) => Float32Array.from(list));
}

/** Every sketch beside the golden one; differences are shares of the largest norm among them. */
function expectSame(
  got: readonly number[][],
  want: readonly number[][],
  what: string,
  tolerance = TOLERANCE,
): void {
  expect(got).toHaveLength(want.length);
  const largest = Math.max(FLOOR, ...want.map(([norm]) => norm!));
  want.forEach((row, place) => {
    row.forEach((value, k) => {
      const difference = Math.abs(got[place]![k]! - value) / largest;
      expect(difference, `${what}: tensor ${place}, number ${k}`).toBeLessThan(tolerance);
    });
  });
}

/** Of losses as they are, of gradients and changes as a share of the largest. */
const TOLERANCE = 1e-5;
/** Parameters are kept in 32 bits: steps of a thousandth of them have four digits less. */
const CHANGE_TOLERANCE = 1e-4;
/** A largest norm below this is none: everything was clipped. */
const FLOOR = 1e-3;

describe('through a model, as TRL', () => {
  it('old log-probabilities are the same', async () => {
    const found = await oldLogProbabilities();
    golden.oldLogProbabilities.forEach((row, completion) => {
      row.forEach((value, i) => {
        expect(found[completion]![i]!).toBeCloseTo(value, 5);
      });
    });
  });

  it.each(golden.runs)(
    '$lossType by $ratioLevel, beta $beta, $advantages, $promptsPerPass prompts a pass',
    async ({ advantageValues, updates, moved, ...run }) => {
      const model = freshModel();
      const groups = rewards.map((_, i) => Math.floor(i / groupSize));
      const { advantages } = groupAdvantages(rewards, groups, { estimator: run.advantages });
      advantages.forEach((value, i) => {
        expect(value).toBeCloseTo(advantageValues[i]!, 7);
      });
      const old = await oldLogProbabilities();
      const rollout: JudgedRollout = {
        groups: prompts.map((prompt, group) => ({
          prompt,
          image: images[group]!,
          completions: completions
            .slice(group * groupSize, (group + 1) * groupSize)
            .map((tokens, i) => ({
              tokens,
              logProbabilities: old[group * groupSize + i]!,
              advantage: advantages[group * groupSize + i]!,
            })),
        })),
      };
      const settings: PolicyGradientSettings = {
        ...{ ...run, ...golden, groupSize, rowLength: shape.length },
        ...{ warmupSteps: 0, schedule: 'constant' },
      };
      const subject = { model, grid: shape.grid, reference: referenceParameters() };
      const policy = await PolicyGradient.create(subject, settings, 1);
      const arrays = new Map([...model.parameters].map(([name, { data }]) => [name, data]));
      const before = new Map([...arrays].map(([name, data]) => [name, data.slice()]));
      const optimizer = new AdamW(arrays, {
        epsilon: golden.adamEpsilon,
        weightDecay: golden.weightDecay,
        decays: (name) => golden.decaying.includes(name),
      });
      for (const [i, update] of updates.entries()) {
        const found = await policy.compute(rollout);
        const what = `update ${i + 1}`;
        expect(Math.abs(found.loss - update.loss), what).toBeLessThan(TOLERANCE);
        const norm = globalNorm(policy.gradients);
        const scale = Math.max(FLOOR, update.gradNorm);
        expect(Math.abs(norm - update.gradNorm) / scale, what).toBeLessThan(TOLERANCE);
        expectSame(sketch(policy.gradients), update.gradients, what);
        // what TRL logs a pass is a mean over the pass: comparable where there is one
        if (update.kl?.length === 1) expect(found.kl).toBeCloseTo(update.kl[0]!, 5);
        if (update.clippedLow?.length === 1) {
          expect(found.clippedLow).toBeCloseTo(update.clippedLow[0]!, 6);
          expect(found.clippedHigh).toBeCloseTo(update.clippedHigh![0]!, 6);
        }
        optimizer.step(
          policy.gradients,
          golden.learningRate,
          clippingScale(norm, golden.maxGradNorm),
        );
      }
      await policy.release();
      const changes = new Map(
        [...arrays].map(([name, data]) => [name, data.map((x, i) => x - before.get(name)![i]!)]),
      );
      expectSame(sketch(changes), moved, 'after the last update', CHANGE_TOLERANCE);
    },
  );

  it('the updates meet the clip range, some tokens inside and some outside', () => {
    const mixed = golden.runs.filter(({ updates }) =>
      updates.some(({ clippedLow, clippedHigh }) => {
        const share = (clippedLow?.[0] ?? 0) + (clippedHigh?.[0] ?? 0);
        return share > 0 && share < 1;
      }),
    );
    expect(mixed.length).toBeGreaterThan(golden.runs.length / 3);
    expect(completions.flat().every((token) => token > EOS)).toBe(true);
  });
});
