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

/** Sums a request up. One pass: this stands in the way of every answer. */
export function summarize(
  key: string,
  request: RewardsRequest,
  { rows, unreadable }: ScoredSamples,
): BatchSummary {
  const reward = { count: 0, sum: 0, sumOfSquares: 0 };
  const distanceKm = { count: 0, sum: 0 };
  const parts: Record<string, { count: number; sum: number }> = {};
  const groups = new Map<string | number, Mutable<GroupSummary>>();
  let parseFailures = 0;
  for (const [i, row] of rows.entries()) {
    if (unreadable[i]) parseFailures++;
    add(distanceKm, row.distance_km);
    for (const part in row.parts) {
      const sum = parts[part] ?? { count: 0, sum: 0 };
      parts[part] = sum;
      add(sum, row.parts[part]!);
    }
    if (row.group !== undefined) addToGroup(groups, row.group, row, request.group_size);
    if (row.reward === null) continue;
    add(reward, row.reward);
    reward.sumOfSquares += row.reward ** 2;
  }
  return {
    key,
    run: request.run ?? null,
    attempt: request.attempt ?? 1,
    split: request.split ?? 'train',
    step: request.step ?? null,
    samples: rows.length,
    unscored: rows.length - reward.count,
    parseFailures,
    reward,
    parts,
    distanceKm,
    groups: [...groups.values()],
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function add(total: Mutable<Sum>, value: number | null): void {
  if (value === null) return;
  total.count++;
  total.sum += value;
}

function addToGroup(
  groups: Map<string | number, Mutable<GroupSummary>>,
  group: string | number,
  { reward, group_seen }: RewardRow,
  groupSize: number | null | undefined,
): void {
  let known = groups.get(group);
  if (!known) {
    const isWhole = groupSize == null || group_seen === groupSize;
    known = { group, scored: 0, least: 0, greatest: 0, isWhole };
    groups.set(group, known);
  }
  if (reward === null) return;
  known.least = known.scored === 0 ? reward : Math.min(known.least, reward);
  known.greatest = known.scored === 0 ? reward : Math.max(known.greatest, reward);
  known.scored++;
}
