/**
 * Rewards of sampled groups, with whatever a reward may do: be right, be missing, be no number, throw.
 * What could not be scored stays `null` with its reason and is never a 0.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Reward, RewardResult } from '../rewards/index.ts';
import type { Task } from './task.ts';

/** Completions of one sample. */
export interface SampledTexts {
  readonly sample: number;
  readonly texts: readonly string[];
}

/**
 * Scores groups together, so that rewards that compare within a group see it whole.
 *
 * @throws GeorError `internal` when the reward gives another number of scores than it was asked for
 */
export async function scoreGroups(
  reward: Reward,
  task: Task,
  groups: readonly SampledTexts[],
): Promise<RewardResult> {
  const completions = groups.flatMap(({ texts }) => texts);
  const each = <T>(of: (sample: number) => T): T[] =>
    groups.flatMap(({ sample, texts }) => texts.map(() => of(sample)));
  const { place, entities, picture } = task;
  let result: RewardResult;
  try {
    result = await reward({
      completions,
      targets: each((sample) => task.target(sample)),
      groups: groups.flatMap(({ texts }, group) => texts.map(() => group)),
      ...(place && { places: each((sample) => place.call(task, sample)) }),
      ...(entities && { entities: each((sample) => entities.call(task, sample)) }),
      ...(picture && { images: each((sample) => picture.call(task, sample)) }),
    });
  } catch (error) {
    const reason = `the reward failed: ${error instanceof Error ? error.message : String(error)}`;
    return {
      total: completions.map(() => null),
      parts: {},
      unscored: completions.map(() => reason),
    };
  }
  if (result.total.length !== completions.length)
    throw new GeorError(
      'internal',
      `internal: a reward gave ${result.total.length} scores to ${completions.length} completions`,
    );
  const isScore = (score: number | null): boolean => score !== null && Number.isFinite(score);
  return {
    total: result.total.map((score) => (isScore(score) ? score : null)),
    parts: result.parts,
    unscored: result.total.map((score, i) => {
      if (isScore(score)) return null;
      return result.unscored[i] ?? (score === null ? 'without a reason' : `the reward is ${score}`);
    }),
  };
}
