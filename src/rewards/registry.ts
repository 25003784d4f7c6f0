/**
 * Rewards by the name of their recipe.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { type GeoRRewardOptions, geoRReward } from './geo-r.ts';
import type { Reward } from './reward.ts';

const makers: Readonly<Record<string, (options: GeoRRewardOptions) => Reward>> = {
  'geo-r': geoRReward,
};

/** The recipes that have a reward, in alphabetical order. */
export const rewardNames: readonly string[] = Object.keys(makers).sort();

/**
 * The reward of a recipe.
 *
 * @throws GeorError `usage` for a name that is not in {@link rewardNames}.
 */
export function rewardByName(name: string, options: GeoRRewardOptions = {}): Reward {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!make)
    throw new GeorError('usage', `there is no reward for recipe '${name}'`, {
      hint: `recipes with a reward: ${rewardNames.join(', ')}`,
    });
  return make(options);
}
