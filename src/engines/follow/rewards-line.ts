/**
 * A line of the reward service's own record, `rewards.jsonl`: the parts of the reward, which most
 * engines show nowhere.
 *
 * A line sums up all samples of its attempt, split and step so far, so the last one counts.
 * @module
 */
import { type RewardLogRow, rewardLogRowSchema } from '../../rewards/index.ts';

/** Reads a line; `undefined` for text that is not one. */
export function parseRewardsLine(text: string): RewardLogRow | undefined {
  try {
    return rewardLogRowSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The figures of a line under the names of a run's figures; shares are of 1. */
export function rewardFigures(line: RewardLogRow): Record<string, number> {
  const figures: Record<string, number> = {};
  const set = (name: string, value: number | null): void => {
    if (value !== null && Number.isFinite(value)) figures[name] = value;
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
