/**
 * Group-relative advantages, the learning signal of GRPO.
 *
 * Source: GRPO (Shao et al. 2024), which Geo-R adopts in section 3.2: A = (r - mean) / std over the
 * completions of one prompt. As in TRL the standard deviation is the sample one (n - 1) and 1e-4 is
 * added to it. `scale: 'none'` leaves the division out (Dr. GRPO, Liu et al. 2025), so that groups
 * with little spread are not blown up.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Scores } from './reward.ts';

/** Added to the standard deviation, as in TRL. */
export const STD_EPSILON = 1e-4;

/** How differences to the group mean are scaled. */
export interface AdvantageOptions {
  /** Default `std`. */
  readonly scale?: 'std' | 'none';
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
 * @throws GeorError `usage` when the lists differ in length.
 */
export function groupAdvantages(
  rewards: Scores,
  groups: readonly (string | number)[],
  options: AdvantageOptions = {},
): GroupAdvantages {
  if (groups.length !== rewards.length)
    throw new GeorError('usage', `${rewards.length} rewards have ${groups.length} groups`, {
      hint: 'give one group per reward',
    });
  const members = new Map<string | number, number[]>();
  for (const [i, group] of groups.entries()) {
    if (rewards[i] === null) continue;
    const list = members.get(group);
    if (list) list.push(i);
    else members.set(group, [i]);
  }
  const advantages = new Array<number>(rewards.length).fill(0);
  let flat = 0;
  let stdSum = 0;
  for (const indices of members.values()) {
    const values = indices.map((i) => rewards[i]!);
    if (values.every((value) => value === values[0])) {
      flat++;
      continue;
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const std = Math.sqrt(squares / (values.length - 1));
    stdSum += std;
    const divisor = options.scale === 'none' ? 1 : std + STD_EPSILON;
    for (const [k, i] of indices.entries()) advantages[i] = (values[k]! - mean) / divisor;
  }
  const groupCount = members.size;
  return {
    advantages,
    groupCount,
    zeroVarianceShare: groupCount === 0 ? 0 : flat / groupCount,
    meanStd: groupCount === 0 ? 0 : stdSum / groupCount,
  };
}
