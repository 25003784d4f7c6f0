/**
 * A line of the reward service's own record, `rewards.jsonl`: the parts of the reward, which most
 * engines show nowhere.
 *
 * A line sums up all samples of its attempt, split and step so far, so the last one counts.
 * @module
 */
import { z } from 'zod';

const rewardsLine = z.object({
  run: z.string().nullish(),
  attempt: z.int().positive().nullish(),
  split: z.string().nullish(),
  step: z.int().nonnegative().nullish(),
  samples: z.int().nonnegative(),
  unscored: z.int().nonnegative().default(0),
  groups: z.int().nonnegative().default(0),
  reward: z.number().nullish(),
  rewardStd: z.number().nullish(),
  parts: z.record(z.string(), z.number().nullable()).default({}),
  distanceKm: z.number().nullish(),
  parseFailures: z.int().nonnegative().default(0),
  zeroVarianceGroups: z.int().nonnegative().default(0),
});

/** See the schema above. */
export type RewardsLine = z.infer<typeof rewardsLine>;

/** Reads a line; `undefined` for text that is not one. */
export function parseRewardsLine(text: string): RewardsLine | undefined {
  try {
    return rewardsLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The figures of a line under the names of a run's figures; shares are of 1. */
export function rewardFigures(line: RewardsLine): Record<string, number> {
  const figures: Record<string, number> = {};
  const set = (name: string, value: number | null | undefined): void => {
    if (value !== null && value !== undefined && Number.isFinite(value)) figures[name] = value;
  };
  set('service/reward', line.reward);
  set('service/reward_std', line.rewardStd);
  for (const [part, mean] of Object.entries(line.parts)) set(`parts/${part}`, mean);
  set('service/distance_km', line.distanceKm);
  if (line.samples > 0) {
    set('service/unscored', line.unscored / line.samples);
    set('service/parse_failures', line.parseFailures / line.samples);
  }
  if (line.groups > 0) set('service/zero_variance_groups', line.zeroVarianceGroups / line.groups);
  return figures;
}
