/**
 * The gradient of a policy's loss on answers that were sampled and judged, in passes that bound the
 * memory. Equal to TRL's on the same model (`policy-gradient.test.ts`).
 *
 * Deviation from TRL: a token's old log-probability is what the sampler saw; in the first update TRL
 * takes the value of the loss's own graph. Both are the same number but for rounding.
 * @module
 */
import { type ImageGrid, type Model, type Parameters, pack } from '../model/index.ts';
import { AnswerScorer, AnswerStep } from './answer-step.ts';
import { type DrawnImage, imageBatch } from './draw-images.ts';
import type { GrpoSettings } from './grpo-settings.ts';
import { completionMembership, grpoLoss } from './loss.ts';
import { lossWeights } from './loss-weights.ts';

/** The answers to one image, judged. */
export interface JudgedGroup {
  readonly prompt: readonly number[];
  readonly image: Omit<DrawnImage, 'sample'>;
  readonly completions: readonly {
    readonly tokens: readonly number[];
    /** Of every token, under the policy that sampled it. */
    readonly logProbabilities: Float32Array;
    readonly advantage: number;
  }[];
}

/** What is learned from: the same object in every update of a step. */
export interface JudgedRollout {
  readonly groups: readonly JudgedGroup[];
}

/** The settings that a gradient depends on. */
export type PolicyGradientSettings = Omit<GrpoSettings, 'steps' | 'updates' | 'prompts'>;

/** A loss and what TRL logs of it; shares are over tokens, or over completions for their ratio. */
export interface PolicyLoss {
  readonly loss: number;
  /** By pass. */
  readonly losses: readonly number[];
  /** Mean over tokens; 0 without a reference. */
  readonly kl: number;
  /** Share of ratios that are clipped: below (bad answers), above (good ones). */
  readonly clippedLow: number;
  readonly clippedHigh: number;
}

/** The compiled loss of one stage. */
export class PolicyGradient {
  /** Of the last {@link compute}, by parameter. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly #config: Model['config'];
  readonly #settings: PolicyGradientSettings;
  readonly #step: AnswerStep;
  readonly #scorer: AnswerScorer | undefined;
  readonly #references = new WeakMap<JudgedRollout, Map<number, Float32Array>>();

  private constructor(
    model: Model,
    settings: PolicyGradientSettings,
    step: AnswerStep,
    scorer: AnswerScorer | undefined,
  ) {
    this.#config = model.config;
    this.#settings = settings;
    this.#step = step;
    this.#scorer = scorer;
    this.gradients = step.gradients;
  }

  /**
   * Compiles the loss. The parameters are read in place: the optimiser changes them.
   *
   * @param reference - the frozen policy that the KL divergence is taken to
   */
  static async create(
    {
      model,
      grid,
      reference,
    }: { readonly model: Model; readonly grid?: ImageGrid; readonly reference: Parameters },
    settings: PolicyGradientSettings,
    threads?: number,
  ): Promise<PolicyGradient> {
    const { config, parameters, adapter } = model;
    const { rowLength: length, temperature, beta } = settings;
    const shape = {
      ...(grid && { grid }),
      length,
      temperature,
      ...(threads !== undefined && { threads }),
    };
    const step = await AnswerStep.create(
      config,
      adapter?.parameters ?? parameters,
      { ...shape, ...(adapter && { adapter: { targets: adapter.targets, base: parameters } }) },
      grpoLoss(settings),
    );
    const scorer = beta > 0 ? await AnswerScorer.create(config, reference, shape) : undefined;
    return new PolicyGradient(model, settings, step, scorer);
  }

  /** Computes {@link gradients} of a rollout with the parameters as they are. */
  async compute(rollout: JudgedRollout): Promise<PolicyLoss> {
    const { groups } = rollout;
    const { promptsPerPass, maxCompletionLength, lossType = 'dapo' } = this.#settings;
    const groupSize = groups[0]!.completions.length;
    const weights = lossWeights(
      lossType,
      groups.flatMap(({ completions }) => completions.map(({ tokens }) => tokens.length)),
      { maxCompletionLength, perPass: promptsPerPass * groupSize },
    );
    const counts: Counts = { answers: 0, kl: 0, ratios: 0, low: 0, high: 0 };
    const losses: number[] = [];
    this.#step.clear();
    for (let from = 0; from < groups.length; from += promptsPerPass) {
      const own = groups.slice(from, from + promptsPerPass);
      const weightOf = weights.slice(from * groupSize, (from + own.length) * groupSize);
      losses.push(await this.#pass(rollout, from, own, weightOf, counts));
    }
    return {
      loss: losses.reduce((a, b) => a + b, 0),
      losses,
      kl: counts.kl / counts.answers,
      clippedLow: counts.low / counts.ratios,
      clippedHigh: counts.high / counts.ratios,
    };
  }

  async #pass(
    rollout: JudgedRollout,
    from: number,
    groups: readonly JudgedGroup[],
    weightOf: readonly number[],
    counts: Counts,
  ): Promise<number> {
    const { rowLength: length, ratioLevel = 'token' } = this.#settings;
    const images = imageBatch(groups.map(({ image }) => image));
    const batch = pack(
      groups.map(({ prompt, completions }, image) => ({
        prompt,
        images: [image],
        completions: completions.map(({ tokens }) => tokens),
      })),
      { length, config: this.#config, grids: images.grids },
    );
    const completions = groups.flatMap((group) => group.completions);
    const { answerCompletions } = batch;
    const placed = new Int32Array(completions.length);
    const oldLogProbabilities = Float32Array.from(
      answerCompletions,
      (i) => completions[i]!.logProbabilities[placed[i]!++]!,
    );
    const advantages = Float32Array.from(answerCompletions, (i) => completions[i]!.advantage);
    const known = this.#references.get(rollout) ?? new Map<number, Float32Array>();
    this.#references.set(rollout, known);
    if (this.#scorer && !known.has(from))
      known.set(from, (await this.#scorer.score(batch, images)).logProbabilities.slice());
    const referenceLogProbabilities = known.get(from);
    const { loss, outputs } = await this.#step.accumulate(batch, images, {
      weights: Float32Array.from(answerCompletions, (i) => weightOf[i]!),
      advantages,
      oldLogProbabilities,
      ...(referenceLogProbabilities && { referenceLogProbabilities }),
      ...(ratioLevel === 'sequence' && completionMembership(answerCompletions)),
    });
    count(counts, this.#settings, answerCompletions, advantages, outputs);
    return loss;
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await Promise.all([this.#step.release(), this.#scorer?.release()]);
  }
}

interface Counts {
  answers: number;
  kl: number;
  ratios: number;
  low: number;
  high: number;
}

/** Adds up what is logged of a pass. A completion's ratio stands at each of its tokens. */
function count(
  counts: Counts,
  { epsilon, epsilonHigh = epsilon, ratioLevel, lossType }: PolicyGradientSettings,
  answerCompletions: Int32Array,
  advantages: Float32Array,
  outputs: Readonly<Record<string, Float32Array>>,
): void {
  const seen = new Set<number>();
  const isCispo = lossType === 'cispo'; // has an upper bound alone, and calls it by its value
  const low = isCispo ? 0 : 1 - epsilon;
  const high = isCispo ? epsilonHigh : 1 + epsilonHigh;
  answerCompletions.forEach((completion, i) => {
    counts.answers++;
    counts.kl += outputs['kl']?.[i] ?? 0;
    if (ratioLevel === 'sequence' && seen.has(completion)) return;
    seen.add(completion);
    counts.ratios++;
    const ratio = outputs['ratio']![i]!;
    if (advantages[i]! < 0 && ratio < low) counts.low++;
    if (advantages[i]! > 0 && ratio > high) counts.high++;
  });
}
