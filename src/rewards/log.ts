/**
 * `rewards.jsonl`: what a reward service saw of each training step.
 *
 * The file only grows. A row holds the totals of its step so far, so of several rows of one step the
 * last counts; of several attempts at one step, the last attempt.
 * @module
 */
import { z } from 'zod';

const count = z.int().nonnegative();
const mean = z.number().nullable();

/** One line of the file. Means are over what could be scored; `null` where nothing could. */
export const rewardLogRowSchema = z.object({
  run: z.string().nullable(),
  /** Which start of the run, from 1. */
  attempt: z.int().positive(),
  split: z.string(),
  step: count.nullable(),
  samples: count,
  /** Samples without a reward. */
  unscored: count,
  /** Samples from which no answer could be read. */
  parseFailures: count,
  groups: count,
  /** Groups that no one request held whole. */
  incompleteGroups: count,
  /** Groups of at least two rewards that are all equal: they give no gradient. */
  zeroVarianceGroups: count,
  reward: mean,
  /** Standard deviation of the rewards, over n. */
  rewardStd: mean,
  /** Mean of each part of the reward. */
  parts: z.record(z.string(), mean),
  /** Mean distance of the answers that name a place, kilometres. */
  distanceKm: mean,
  requests: count,
  /** Requests that were asked again and are counted once. */
  repeats: count,
  /** When the row was written, ISO 8601. */
  at: z.string(),
});

/** One line of the file. */
export type RewardLogRow = z.output<typeof rewardLogRowSchema>;

/** What tells steps apart, whatever the attempt. */
export const stepKey = ({
  run,
  split,
  step,
}: Pick<RewardLogRow, 'run' | 'split' | 'step'>): string => JSON.stringify([run, split, step]);

/**
 * The row that counts of each step, in the order in which steps first appear. Lines that are no rows
 * are passed over: a service that is killed can leave half of one.
 */
export function parseRewardLog(text: string): readonly RewardLogRow[] {
  const rows = new Map<string, RewardLogRow>();
  for (const line of text.split('\n')) {
    const row = readRow(line);
    if (!row) continue;
    const key = stepKey(row);
    const earlier = rows.get(key);
    if (!earlier || row.attempt >= earlier.attempt) rows.set(key, row);
  }
  return [...rows.values()];
}

function readRow(line: string): RewardLogRow | undefined {
  try {
    return rewardLogRowSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
