/**
 * Group-relative policy optimisation: sample a group of answers per image, score them by geography,
 * and make the better half of each group more likely.
 *
 * Source: DeepSeekMath (arXiv 2402.03300), section 4.1; Geo-R, section 3.2 (reward) and section 4
 * (GRPO after SFT). What differs from the papers:
 * 1. By default the loss is averaged over all answer tokens of the step (`dapo`), not first within
 *    each answer; `loss-weights.ts` has the others.
 * 2. Advantages are divided by the group's sample standard deviation + 1e-4, as TRL and the released
 *    code of GeoAgent do.
 * 3. The policy that sampled is the policy before the step's first update, so one update a rollout
 *    never clips.
 * @module
 */
import { GeorError, random } from '../core/index.ts';
import {
  bannedTokens,
  decays,
  type Generated,
  Generator,
  type ImageGrid,
  type Model,
  type Parameter,
  type Parameters,
  pack,
} from '../model/index.ts';
import { groupAdvantages, type Reward, type RewardResult } from '../rewards/index.ts';
import { AnswerScorer, AnswerStep } from './answer-step.ts';
import { completionMembership, type GrpoLossOptions, grpoLoss } from './loss.ts';
import { type GrpoLossType, lossWeights } from './loss-weights.ts';
import { batchIndices } from './sft.ts';
import { type OptimizerSettings, runStage, type StageContext, type StageResult } from './stage.ts';
import type { Task } from './task.ts';

/** Settings of a reinforcement stage. */
export interface GrpoSettings extends OptimizerSettings, GrpoLossOptions {
  /** Images per step. */
  readonly prompts: number;
  /** Answers per image: G. */
  readonly groupSize: number;
  readonly temperature: number;
  /** Tokens per answer at most. */
  readonly maxCompletionLength: number;
  /** Updates per rollout. */
  readonly updates: number;
  /** Images per forward and backward pass; bounds the memory. */
  readonly promptsPerPass: number;
  /** Tokens per packed row. */
  readonly rowLength: number;
  /** How token terms are averaged. Default `dapo`. */
  readonly lossType?: GrpoLossType;
}

/** What GRPO trains and against what. */
export interface GrpoSubject {
  readonly model: Model;
  readonly grid: ImageGrid;
  readonly reward: Reward;
  /**
   * The frozen policy that the KL divergence is taken to: usually the model before this stage, with an
   * adapter the model's own parameters.
   */
  readonly reference: Parameters;
}

interface Rollout {
  readonly indices: readonly number[];
  readonly pixels: Float32Array;
  readonly generated: readonly Generated[];
  readonly texts: readonly string[];
  readonly rewards: RewardResult;
  readonly advantages: readonly number[];
  readonly zeroVarianceShare: number;
  readonly meanStd: number;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;

const deviation = (values: readonly number[]): number => {
  const center = mean(values);
  return Math.sqrt(
    values.reduce((sum, x) => sum + (x - center) ** 2, 0) / Math.max(1, values.length - 1),
  );
};

const known = (scores: readonly (number | null)[]): number[] =>
  scores.filter((score) => score !== null);

/** A frozen copy of parameters, to be a reference policy. */
export const frozenCopy = (parameters: Parameters): Map<string, Parameter> =>
  new Map([...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));

/** Trains the model's parameters in place; where it has an adapter, that alone. */
export async function trainGrpo(
  { model, grid, reward, reference }: GrpoSubject,
  task: Task,
  settings: GrpoSettings,
  context: StageContext,
): Promise<StageResult> {
  const { config, parameters, tokenizer, adapter } = model;
  const trained = adapter?.parameters ?? parameters;
  const { seed } = context;
  const {
    prompts,
    groupSize,
    temperature,
    updates,
    promptsPerPass,
    rowLength,
    maxCompletionLength,
    lossType = 'dapo',
    ratioLevel = 'token',
  } = settings;
  if (groupSize < 2) throw new GeorError('config', 'a group needs at least two answers');
  const threads = context.threads === undefined ? {} : { threads: context.threads };
  const shape = { grid, length: rowLength, temperature, ...threads };
  const step = await AnswerStep.create(
    config,
    trained,
    { ...shape, ...(adapter && { adapter: { targets: adapter.targets, base: parameters } }) },
    grpoLoss(settings),
  );
  const scorer =
    settings.beta > 0 ? await AnswerScorer.create(config, reference, shape) : undefined;
  const generator = await Generator.create(config, parameters, {
    ...threads,
    ...(adapter && { adapter }),
  });
  const gridsOf = (images: number): ImageGrid[] => new Array<ImageGrid>(images).fill(grid);
  const banned = bannedTokens(tokenizer);

  const rollOut = async (index: number): Promise<Rollout> => {
    const indices = batchIndices(seed, index, prompts, task.size);
    const pixels = new Float32Array(prompts * task.imageSize);
    indices.forEach((sample, slot) => {
      task.writeImage(sample, pixels, slot, random(seed, 'grpo-view', index, slot));
    });
    const generated = await generator.generate(
      {
        prompts: indices.map((sample, slot) => ({ tokens: task.prompt(sample), images: [slot] })),
        images: { grids: gridsOf(prompts), pixels },
      },
      {
        samples: groupSize,
        maxTokens: maxCompletionLength,
        temperature,
        banned,
        randomOf: (prompt, sample) => random(seed, 'grpo-sample', index, prompt, sample),
      },
    );
    const texts = generated.map(({ tokens }) =>
      tokenizer.decode(tokens, { skipSpecialTokens: true }),
    );
    const groups = generated.map((_, i) => Math.floor(i / groupSize));
    const targets = groups.map((group) => task.target(indices[group]!));
    const rewards = await reward({ completions: texts, targets, groups });
    const { advantages, zeroVarianceShare, meanStd } = groupAdvantages(rewards.total, groups);
    // one group a step is kept to read
    texts.slice(0, groupSize).forEach((completion, i) => {
      context.completions?.append({
        stage: context.stage,
        step: index + 1,
        sample: indices[0]!,
        completion,
        reward: rewards.total[i] ?? 'unscored',
      });
    });
    return { indices, pixels, generated, texts, rewards, advantages, zeroVarianceShare, meanStd };
  };

  const gradientsOf = async (rollout: Rollout, references: Map<number, Float32Array>) => {
    const { indices, pixels, generated, advantages } = rollout;
    const lengths = generated.map(({ tokens }) => tokens.length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const perPass = promptsPerPass * groupSize;
    const weightOf = lossWeights(lossType, lengths, { maxCompletionLength, perPass });
    let loss = 0;
    let kl = 0;
    let clipped = 0;
    step.clear();
    for (let from = 0; from < prompts; from += promptsPerPass) {
      const to = Math.min(prompts, from + promptsPerPass);
      const examples = indices.slice(from, to).map((sample, slot) => ({
        prompt: task.prompt(sample),
        images: [slot],
        completions: generated
          .slice((from + slot) * groupSize, (from + slot + 1) * groupSize)
          .map(({ tokens }) => tokens),
      }));
      const grids = gridsOf(to - from);
      const batch = pack(examples, { length: rowLength, config, grids });
      const own = pixels.subarray(from * task.imageSize, to * task.imageSize);
      const images = { grids, pixels: own };
      const answers = batch.answerTargets.length;
      const completionOf = (i: number): number => from * groupSize + batch.answerCompletions[i]!;
      const placed = new Int32Array(groupSize * (to - from));
      const old = new Float32Array(answers);
      const advantage = new Float32Array(answers);
      const weights = new Float32Array(answers);
      for (let i = 0; i < answers; i++) {
        const completion = completionOf(i);
        old[i] = generated[completion]!.logProbabilities[placed[batch.answerCompletions[i]!]!++]!;
        advantage[i] = advantages[completion]!;
        weights[i] = weightOf[completion]!;
      }
      let referenceLogProbabilities = references.get(from);
      if (scorer && !referenceLogProbabilities) {
        referenceLogProbabilities = (await scorer.score(batch, images)).slice();
        references.set(from, referenceLogProbabilities);
      }
      const result = await step.accumulate(batch, images, {
        weights,
        advantages: advantage,
        oldLogProbabilities: old,
        ...(referenceLogProbabilities ? { referenceLogProbabilities } : {}),
        ...(ratioLevel === 'sequence' ? completionMembership(batch.answerCompletions) : {}),
      });
      loss += result.loss;
      for (let i = 0; i < answers; i++) {
        kl += (result.outputs['kl']?.[i] ?? 0) / total;
        const ratio = result.outputs['ratio']![i]!;
        const low = advantage[i]! < 0 && ratio < 1 - settings.epsilon;
        const high = advantage[i]! > 0 && ratio > 1 + (settings.epsilonHigh ?? settings.epsilon);
        if (low || high) clipped += 1 / total;
      }
    }
    return { loss, kl, clipped };
  };

  try {
    return await runStage(trained, { decays, ...settings }, context, async (index, update) => {
      const rollout = await rollOut(index);
      const references = new Map<number, Float32Array>();
      let computed = await gradientsOf(rollout, references);
      for (let i = 1; i < updates; i++) {
        update(step.gradients);
        computed = await gradientsOf(rollout, references);
      }
      return { gradients: step.gradients, metrics: metricsOf(rollout, computed, settings) };
    });
  } finally {
    await Promise.all([step.release(), scorer?.release(), generator.release()]);
  }
}

/** TRL's names for a step's numbers (`grpo_trainer.py`). */
function metricsOf(
  { generated, rewards, zeroVarianceShare, meanStd }: Rollout,
  { loss, kl, clipped }: { loss: number; kl: number; clipped: number },
  { beta }: GrpoSettings,
): Record<string, number> {
  const lengths = generated.map(({ tokens }) => tokens.length);
  const totals = known(rewards.total);
  const parts = Object.entries(rewards.parts).flatMap(([name, scores]) => [
    [`rewards/${name}/mean`, mean(known(scores))] as const,
    [`rewards/${name}/std`, deviation(known(scores))] as const,
  ]);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const entropy = -generated.reduce(
    (sum, { logProbabilities }) => sum + logProbabilities.reduce((a, b) => a + b, 0),
    0,
  );
  return {
    loss,
    reward: mean(totals),
    reward_std: meanStd,
    frac_reward_zero_std: zeroVarianceShare,
    unscored: rewards.total.length - totals.length,
    ...Object.fromEntries(parts),
    ...(beta > 0 ? { kl } : {}),
    'clip_ratio/region_mean': clipped,
    entropy: entropy / tokens,
    'completions/mean_length': mean(lengths),
    'completions/min_length': Math.min(...lengths),
    'completions/max_length': Math.max(...lengths),
    'completions/clipped_ratio': mean(generated.map(({ ended }) => (ended ? 0 : 1))),
  };
}
