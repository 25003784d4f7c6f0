/**
 * Dynamic sampling: which groups are worth a gradient step.
 *
 * Source: DAPO (arXiv 2503.14476), section 3.2, eq. (11): sample on until the batch is full of
 * groups that are neither all right nor all wrong. Rewards of distance are not right or wrong, so
 * the condition here is what that one is for: rewards that differ within the group.
 * @module
 */
import { areEqual, spread } from './advantages.ts';
import { type GroupId, scoredMembers } from './groups.ts';
import type { Scores } from './reward.ts';

/** When a group is worth keeping. */
export interface DynamicSamplingOptions {
  /** The sample standard deviation that a group's rewards must exceed, >= 0; default 0. */
  readonly minStd?: number;
}

/** Which groups to keep. */
export interface DynamicSampling {
  /** One per completion: whether its group is kept. */
  readonly keep: readonly boolean[];
  readonly kept: readonly GroupId[];
  /** Groups without spread: all equal, one scored member, or none. */
  readonly dropped: readonly GroupId[];
}

/**
 * Sorts groups into those that give a gradient and those that give none.
 *
 * @throws GeorError `usage` when the lists differ in length, or a reward is NaN or infinite.
 */
export function dynamicSampling(
  rewards: Scores,
  groups: readonly GroupId[],
  options: DynamicSamplingOptions = {},
): DynamicSampling {
  const minStd = options.minStd ?? 0;
  const kept = new Set<GroupId>();
  const dropped: GroupId[] = [];
  for (const [group, members] of scoredMembers(rewards, groups)) {
    const hasSpread = !areEqual(members) && spread(members).std > minStd;
    if (hasSpread) kept.add(group);
    else dropped.push(group);
  }
  return { keep: groups.map((group) => kept.has(group)), kept: [...kept], dropped };
}
