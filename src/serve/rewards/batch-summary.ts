/**
 * What one request adds to the totals of its step: small, and plain JSON, for it travels from the
 * process that scored to the one that counts.
 * @module
 */
import type { RewardRow, RewardsRequest } from './protocol.ts';
import type { ScoredSamples } from './score.ts';

/** A sum, and of how many. */
export interface Sum {
  readonly count: number;
  readonly sum: number;
}

/** The rewards of one group within a request. */
export interface GroupSummary {
  readonly group: string | number;
  /** Members that have a reward. */
  readonly scored: number;
  /** Least and greatest reward; 0 where `scored` is 0. */
  readonly least: number;
  readonly greatest: number;
  /** Whether the request held the whole group; true where the size of a whole one is not known. */
  readonly isWhole: boolean;
}

/** A request, summed up. */
export interface BatchSummary {
  /** The same for a request and its repeats. */
  readonly key: string;
  readonly run: string | null;
  readonly attempt: number;
  readonly split: string;
  readonly step: number | null;
  readonly samples: number;
  readonly unscored: number;
  readonly parseFailures: number;
  readonly reward: Sum & { readonly sumOfSquares: number };
  readonly parts: Readonly<Record<string, Sum>>;
  readonly distanceKm: Sum;
  readonly groups: readonly GroupSummary[];
}

/** Sums a request up. */
export function summarize(
  key: string,
  request: RewardsRequest,
  { rows, unreadable }: ScoredSamples,
): BatchSummary {
  const rewards = rows.map(({ reward }) => reward);
  return {
    key,
    run: request.run ?? null,
    attempt: request.attempt ?? 1,
    split: request.split ?? 'train',
    step: request.step ?? null,
    samples: rows.length,
    unscored: rewards.filter((reward) => reward === null).length,
    parseFailures: unreadable.filter(Boolean).length,
    reward: {
      ...sumOf(rewards),
      sumOfSquares: rewards.reduce<number>((sum, reward) => sum + (reward ?? 0) ** 2, 0),
    },
    parts: Object.fromEntries(
      Object.keys(rows[0]?.parts ?? {}).map((part) => [
        part,
        sumOf(rows.map(({ parts }) => parts[part] ?? null)),
      ]),
    ),
    distanceKm: sumOf(rows.map(({ distance_km }) => distance_km)),
    groups: groupsOf(rows, request.group_size ?? undefined),
  };
}

function sumOf(values: readonly (number | null)[]): Sum {
  let count = 0;
  let sum = 0;
  for (const value of values) {
    if (value === null) continue;
    count++;
    sum += value;
  }
  return { count, sum };
}

function groupsOf(
  rows: readonly RewardRow[],
  groupSize: number | undefined,
): readonly GroupSummary[] {
  const groups = new Map<string | number, GroupSummary>();
  for (const { group, reward, group_seen } of rows) {
    if (group === undefined) continue;
    const isWhole = groupSize === undefined || group_seen === groupSize;
    const before = groups.get(group) ?? { group, scored: 0, least: 0, greatest: 0, isWhole };
    groups.set(group, reward === null ? before : withReward(before, reward));
  }
  return [...groups.values()];
}

const withReward = (group: GroupSummary, reward: number): GroupSummary => ({
  ...group,
  scored: group.scored + 1,
  least: group.scored === 0 ? reward : Math.min(group.least, reward),
  greatest: group.scored === 0 ? reward : Math.max(group.greatest, reward),
});
