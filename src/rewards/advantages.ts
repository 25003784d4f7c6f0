/**
 * Group-relative advantages, the learning signal of GRPO and its relatives.
 *
 * Sources:
 * - `std`: GRPO (DeepSeekMath, arXiv 2402.03300, section 4.1.2), which Geo-R adopts in section 3.2:
 *   A_i = (r_i - mean) / std over the completions of one prompt. As in TRL and in GeoAgent's released
 *   code the standard deviation is the sample one (n - 1) and 1e-4 is added to it.
 * - `mean`: A_i = r_i - mean (Dr. GRPO, arXiv 2503.20783), so that groups with little
 *   spread are not blown up.
 * - `batch-std`: A_i = (r_i - mean of the group) / std over all completions of the batch, TRL's
 *   `scale_rewards: batch` (PPO lite, arXiv 2508.08221): a flat group does not get the weight of a
 *   lively one.
 * - `leave-one-out`: A_i = r_i - mean of the others (RLOO, arXiv 2402.14740), which is
 *   n / (n - 1) times that of `mean`.
 * @module
 */
import { type GroupId, type Member, scoredMembers } from './groups.ts';
import type { Scores } from './reward.ts';

/** Added to the standard deviation, as in TRL. */
export const STD_EPSILON = 1e-4;

/** What a completion is compared with, and how differences are scaled. */
export type AdvantageEstimator = 'std' | 'mean' | 'batch-std' | 'leave-one-out';

/** Which advantages. */
export interface AdvantageOptions {
  /** Default `std`. */
  readonly estimator?: AdvantageEstimator;
}

/** Advantages and what the groups looked like. */
export interface GroupAdvantages {
  /** One per reward; 0 for an unscored completion. */
  readonly advantages: readonly number[];
  /** Groups with at least one scored completion. */
  readonly groupCount: number;
  /** Share of those groups whose rewards are all equal: they give no gradient. [0, 1], 0 for none. */
  readonly zeroVarianceShare: number;
  /** Mean over groups of the sample standard deviation (0 for a group of one). */
  readonly meanStd: number;
}

/**
 * Advantages of completions against the others of their group.
 *
 * Unscored (`null`) completions neither move their group's mean nor learn from it: they are left
 * out of mean and deviation, and their advantage is 0. A group with all rewards equal, or with one
 * scored member, has advantages of exactly 0.
 *
 * @param groups - which completions belong together; groups need not be adjacent or of equal size
 * @throws GeorError `usage` when the lists differ in length, or a reward is NaN or infinite.
 */
export function groupAdvantages(
  rewards: Scores,
  groups: readonly GroupId[],
  options: AdvantageOptions = {},
): GroupAdvantages {
  const advantages = new Array<number>(rewards.length).fill(0);
  let groupCount = 0;
  let flat = 0;
  let stdSum = 0;
  const grouped = scoredMembers(rewards, groups);
  const { estimator = 'std' } = options;
  const batchStd = estimator === 'batch-std' ? spread([...grouped.values()].flat()).std : 0;
  for (const members of grouped.values()) {
    if (members.length === 0) continue;
    groupCount++;
    if (areEqual(members)) {
      flat++;
      continue;
    }
    const { mean, std } = spread(members);
    stdSum += std;
    const divisor = divisorOf(estimator, members.length, { group: std, batch: batchStd });
    for (const { index, reward } of members) advantages[index] = (reward - mean) / divisor;
  }
  return {
    advantages,
    groupCount,
    zeroVarianceShare: groupCount === 0 ? 0 : flat / groupCount,
    meanStd: groupCount === 0 ? 0 : stdSum / groupCount,
  };
}

/** Whether all rewards of a group are one number: its deviation is then 0 without rounding. */
export const areEqual = (members: readonly Member[]): boolean =>
  members.every(({ reward }) => reward === members[0]?.reward);

/** Mean and sample standard deviation of at least two rewards. */
export function spread(members: readonly Member[]): { mean: number; std: number } {
  const mean = members.reduce((sum, { reward }) => sum + reward, 0) / members.length;
  const squares = members.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (members.length - 1)) };
}

function divisorOf(
  estimator: AdvantageEstimator,
  count: number,
  std: { group: number; batch: number },
): number {
  switch (estimator) {
    case 'std':
      return std.group + STD_EPSILON;
    case 'batch-std':
      return std.batch + STD_EPSILON;
    case 'mean':
      return 1;
    case 'leave-one-out':
      return (count - 1) / count;
  }
}
