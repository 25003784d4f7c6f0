/**
 * What one request adds to the totals of its step: small, and plain JSON, for it travels from the
 * process that scored to the one that counts.
 * @module
 */
import type { Scores } from '../../rewards/index.ts';
import type { RewardsRequest } from './protocol.ts';
import { reasonOf, type ScoredSamples } from './score.ts';

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
  /** Why the first of those has no reward; `null` where all have one. */
  readonly unscoredReason: string | null;
  readonly parseFailures: number;
  readonly reward: Sum & { readonly sumOfSquares: number };
  readonly parts: Readonly<Record<string, Sum>>;
  readonly distanceKm: Sum;
  readonly groups: readonly GroupSummary[];
}

/** Sums a request up. One pass over each column: this stands in the way of every answer. */
export function summarize(
  key: string,
  request: RewardsRequest,
  scored: ScoredSamples,
): BatchSummary {
  const { samples, total, unreadable } = scored;
  const reward = sumOf(total);
  const parts: Record<string, Sum> = {};
  for (const [name, scores] of scored.parts) parts[name] = sumOf(scores);
  return {
    key,
    run: request.run ?? null,
    attempt: request.attempt ?? 1,
    split: request.split ?? 'train',
    step: request.step ?? null,
    samples: samples.length,
    unscored: samples.length - reward.count,
    unscoredReason: reward.count === samples.length ? null : reasonOf(scored, total.indexOf(null)),
    parseFailures: unreadable.reduce((count, is) => count + (is ? 1 : 0), 0),
    reward: { ...reward, sumOfSquares: total.reduce<number>((sum, r) => sum + (r ?? 0) ** 2, 0) },
    parts,
    distanceKm: sumOf(scored.distanceKm),
    groups: groupsOf(scored, request.group_size),
  };
}

function sumOf(scores: Scores): Sum {
  let [count, sum] = [0, 0];
  for (const score of scores) {
    if (score === null) continue;
    count++;
    sum += score;
  }
  return { count, sum };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function groupsOf(
  { samples, total, groupSeen }: ScoredSamples,
  groupSize: number | null | undefined,
): readonly GroupSummary[] {
  const groups = new Map<string | number, Mutable<GroupSummary>>();
  for (let i = 0; i < samples.length; i++) {
    const { group } = samples[i]!;
    if (group == null) continue;
    let known = groups.get(group);
    if (!known) {
      const isWhole = groupSize == null || groupSeen[i] === groupSize;
      known = { group, scored: 0, least: 0, greatest: 0, isWhole };
      groups.set(group, known);
    }
    const reward = total[i]!;
    if (reward === null) continue;
    known.least = known.scored === 0 ? reward : Math.min(known.least, reward);
    known.greatest = known.scored === 0 ? reward : Math.max(known.greatest, reward);
    known.scored++;
  }
  return [...groups.values()];
}
