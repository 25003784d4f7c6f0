/**
 * Rollouts: a group of answers per image, scored.
 *
 * Dynamic sampling: DAPO (arXiv 2503.14476), section 3.2, eq. 11: a group whose rewards are all equal
 * teaches nothing, so it is replaced. Deviations: DAPO samples whole batches and fills up from them;
 * here exactly as many groups are sampled as are missing, of samples that the step has not met. DAPO
 * gives up a run when its bound is reached; here the last groups stay, flat as they are, so that a
 * step always has its number of groups. A group that could not be scored counts as flat.
 *
 * Everything drawn is keyed by seed, step, round and place: a resumed run samples the same.
 * @module
 */
import { random, shuffled } from '../core/index.ts';
import {
  bannedTokens,
  type Generated,
  Generator,
  type ImageGrid,
  type Model,
} from '../model/index.ts';
import { dynamicSampling, type Reward } from '../rewards/index.ts';
import { batchIndices } from './batch-indices.ts';
import { type DrawnImage, drawImages, imageBatch } from './draw-images.ts';
import type { GrpoSettings } from './grpo-settings.ts';
import { scoreGroups } from './score-groups.ts';
import type { StageContext } from './stage.ts';
import type { Task } from './task.ts';

/** The answers to one image. */
export interface Group {
  readonly image: DrawnImage;
  readonly prompt: readonly number[];
  readonly generated: readonly Generated[];
  readonly texts: readonly string[];
  readonly total: readonly (number | null)[];
  readonly parts: Readonly<Record<string, readonly (number | null)[]>>;
  readonly unscored: readonly (string | null)[];
}

/** The groups of a step. */
export interface Rollout {
  /** What is learned from. */
  readonly groups: readonly Group[];
  /** Everything sampled, in order: with dynamic sampling more than `groups`. */
  readonly sampled: readonly Group[];
  /** Pictures that could not be read. */
  readonly broken: number;
}

/** Whose answers, to what, and who judges. */
export interface RolloutSubject {
  readonly model: Model;
  /** Of every image, where the task has no grids of its own. */
  readonly grid?: ImageGrid;
  readonly reward: Reward;
  readonly task: Task;
}

/** Whether a group's rewards differ. */
export const isLively = ({ total }: Group): boolean =>
  dynamicSampling(
    total,
    total.map(() => 0),
  ).keep.some(Boolean);

/** Samples groups from a model as it is at the moment. */
export class RolloutSampler {
  readonly #subject: RolloutSubject;
  readonly #settings: GrpoSettings;
  readonly #context: StageContext;
  readonly #generator: Generator;
  readonly #banned: ReadonlySet<number>;

  private constructor(
    subject: RolloutSubject,
    settings: GrpoSettings,
    context: StageContext,
    generator: Generator,
  ) {
    this.#subject = subject;
    this.#settings = settings;
    this.#context = context;
    this.#generator = generator;
    this.#banned = bannedTokens(subject.model.tokenizer);
  }

  /** Compiles the model for sampling. Its parameters are read in place. */
  static async create(
    subject: RolloutSubject,
    settings: GrpoSettings,
    context: StageContext,
  ): Promise<RolloutSampler> {
    const { config, parameters, adapter } = subject.model;
    const generator = await Generator.create(config, parameters, {
      ...(context.threads !== undefined && { threads: context.threads }),
      ...(adapter && { adapter }),
    });
    return new RolloutSampler(subject, settings, context, generator);
  }

  /** The rollout of step `step` (from 0). */
  async rollOut(step: number): Promise<Rollout> {
    const { seed } = this.#context;
    const { prompts, dynamicSampling: dynamic } = this.#settings;
    const { size } = this.#subject.task;
    const first = await this.#sample(step, 0, batchIndices(seed, step, prompts, size));
    const groups = [...first.groups];
    const sampled = [...first.groups];
    let { broken } = first;
    for (let round = 1; round <= (dynamic?.maxRounds ?? 0); round++) {
      const flat = groups.flatMap((group, place) => (isLively(group) ? [] : [place]));
      const met = new Set(sampled.map(({ image }) => image.sample));
      const unmet = Array.from({ length: size }, (_, i) => i).filter((sample) => !met.has(sample));
      const next = shuffled(unmet, random(seed, 'grpo-resample', step, round)).slice(
        0,
        flat.length,
      );
      if (next.length === 0) break;
      const again = await this.#sample(step, round, next);
      broken += again.broken;
      sampled.push(...again.groups);
      const lively = again.groups.filter(isLively);
      flat.slice(0, lively.length).forEach((place, i) => {
        groups[place] = lively[i]!;
      });
    }
    return { groups, sampled, broken };
  }

  async #sample(
    step: number,
    round: number,
    wanted: readonly number[],
  ): Promise<{ groups: Group[]; broken: number }> {
    const { seed, stage, faults } = this.#context;
    const { groupSize, temperature, maxCompletionLength } = this.#settings;
    const { task, grid, reward, model } = this.#subject;
    // the first round has the keys it would have alone
    const key = round === 0 ? [step] : [step, `round ${round}`];
    const { images, broken } = await drawImages(task, wanted, {
      config: model.config,
      ...(grid && { grid }),
      viewOf: (slot) => random(seed, 'grpo-view', ...key, slot),
      standInOf: (slot) => random(seed, 'grpo-stand-in', ...key, slot),
      onBroken: (sample, reason) =>
        faults?.append({ stage, step: step + 1, fault: 'image', sample, reason }),
    });
    const prompts = images.map(({ sample }) => task.prompt(sample));
    const generated = await this.#generator.generate(
      {
        prompts: prompts.map((tokens, slot) => ({ tokens, images: [slot] })),
        images: imageBatch(images),
      },
      {
        samples: groupSize,
        maxTokens: maxCompletionLength,
        temperature,
        banned: this.#banned,
        randomOf: (prompt, sample) => random(seed, 'grpo-sample', ...key, prompt, sample),
      },
    );
    const of = <T>(list: readonly T[], group: number): T[] =>
      list.slice(group * groupSize, (group + 1) * groupSize);
    const texts = generated.map(({ tokens }) =>
      model.tokenizer.decode(tokens, { skipSpecialTokens: true }),
    );
    const { total, parts, unscored } = await scoreGroups(
      reward,
      task,
      images.map(({ sample }, group) => ({ sample, texts: of(texts, group) })),
    );
    const groups = images.map((image, group) => ({
      image,
      prompt: prompts[group]!,
      generated: of(generated, group),
      texts: of(texts, group),
      total: of(total, group),
      parts: Object.fromEntries(
        Object.entries(parts).map(([name, scores]) => [name, of(scores, group)]),
      ),
      unscored: of(unscored, group),
    }));
    for (const { image, unscored: reasons } of groups)
      for (const reason of new Set(reasons))
        if (reason !== null)
          faults?.append({
            ...{ stage, step: step + 1, fault: 'reward' },
            ...{ sample: image.sample, reason },
          });
    return { groups, broken };
  }

  /** Frees the compiled model. */
  release(): Promise<void> {
    return this.#generator.release();
  }
}
