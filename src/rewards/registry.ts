/**
 * Rewards by the name of their recipe.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Geocoder } from '../geo/index.ts';
import { type GeoRExtra, geoRReward } from './geo-r/geo-r.ts';
import type { PenaltyLengths } from './geoagent/consistency.ts';
import { GEO_AGENT_WEIGHTS, geoAgentReward } from './geoagent/geoagent.ts';
import { GLOBE_WEIGHTS, globeReward } from './globe/globe.ts';
import type { Embedder, Judge } from './models/index.ts';
import type { RecipeResult, RewardBatch, RewardVariant } from './reward.ts';
import type { NameComparison, PlaceResolver } from './truth.ts';
import type { WeightChoice } from './weighted-sum.ts';

/** What a recipe may be told and may need; each takes what it has use for. */
export interface RecipeOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** The name of a preset (see {@link WEIGHT_PRESETS}), or weights by part. */
  readonly weights?: WeightChoice;
  /** Geo-R's parts beyond the paper. */
  readonly extras?: Readonly<Partial<Record<GeoRExtra, number>>>;
  readonly geocoder?: Geocoder;
  readonly placeAt?: PlaceResolver;
  readonly isSameName?: NameComparison;
  readonly judge?: Judge;
  readonly embedder?: Embedder;
  /** GeoAgent's length penalty. */
  readonly lengths?: PenaltyLengths;
}

/** A recipe's reward with what it read. */
export type RecipeReward = (batch: RewardBatch) => RecipeResult | Promise<RecipeResult>;

/** Weights by recipe and the name they are known by. */
export const WEIGHT_PRESETS = { globe: GLOBE_WEIGHTS, geoagent: GEO_AGENT_WEIGHTS } as const;

const makers: Readonly<Record<string, (options: RecipeOptions) => RecipeReward>> = {
  'geo-r': ({ weights, ...options }) => {
    if (weights !== undefined)
      throw new GeorError('usage', 'the reward of geo-r has no weights', {
        hint: 'it is a product; its extras carry their own weights',
      });
    return geoRReward(options);
  },
  globe: globeReward,
  geoagent: ({ geocoder, ...options }) => {
    if (!geocoder)
      throw new GeorError('usage', 'the reward of geoagent needs a geocoder', {
        hint: 'give `geocoder`, e.g. forward geocoding with its gazetteer bound',
      });
    return geoAgentReward({ ...options, geocoder });
  },
};

/** The recipes that have a reward, in alphabetical order. */
export const rewardNames: readonly string[] = Object.keys(makers).sort();

/**
 * The reward of a recipe.
 *
 * @throws GeorError `usage` for a name that is not in {@link rewardNames}, and for options that the
 * recipe cannot work with.
 */
export function rewardByName(name: string, options: RecipeOptions = {}): RecipeReward {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!make)
    throw new GeorError('usage', `there is no reward for recipe '${name}'`, {
      hint: `recipes with a reward: ${rewardNames.join(', ')}`,
    });
  return make(options);
}
