/**
 * Completions of one prompt, found by their group.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Scores } from './reward.ts';

/** What names a group. */
export type GroupId = string | number;

/** A completion with a score: its place in the batch. */
export interface Member {
  readonly index: number;
  readonly reward: number;
}

/**
 * The scored members of each group, in order of first appearance. A group without any scored
 * completion has an empty list.
 *
 * @throws GeorError `usage` when the lists differ in length, or a reward is NaN or infinite.
 */
export function scoredMembers(
  rewards: Scores,
  groups: readonly GroupId[],
): ReadonlyMap<GroupId, readonly Member[]> {
  if (groups.length !== rewards.length)
    throw new GeorError('usage', `${rewards.length} rewards have ${groups.length} groups`, {
      hint: 'give one group per reward',
    });
  const members = new Map<GroupId, Member[]>();
  for (const [index, group] of groups.entries()) {
    const list = members.get(group) ?? [];
    members.set(group, list);
    const reward = rewards[index];
    if (reward === null || reward === undefined) continue;
    if (!Number.isFinite(reward))
      throw new GeorError('usage', `reward ${index} is ${reward}`, {
        hint: 'a reward is a finite number, or null where it could not be computed',
      });
    list.push({ index, reward });
  }
  return members;
}
