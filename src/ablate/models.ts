/**
 * What is trained: every model of the tables, each once a seed.
 *
 * Sizes are shares of the tiles for supervised training, each tile seen once, as Geo-R trains for one
 * epoch (section 4.1); a smaller share is fewer tiles and fewer steps. Reinforcement starts from the
 * supervised Chain-of-Region model and takes tiles that this has not seen.
 * @module
 */
import type { PromptCondition } from '../chain/index.ts';

/** Which tiles: any, or those far from all that the supervised model gets right. */
export type PoolName = 'random' | 'hard';

/** The recipes whose reward is tried. */
export type RewardName = 'geo-r' | 'globe' | 'geoagent';

/** Supervised training from nothing. */
export interface SftPlan {
  readonly kind: 'sft';
  /** The answers learned for each tile. */
  readonly conditions: readonly [PromptCondition, ...PromptCondition[]];
  /** Of the tiles and steps of the recipe, in (0, 1]. */
  readonly share: number;
  readonly pool: PoolName;
}

/** Reinforcement of {@link BASE}. */
export interface GrpoPlan {
  readonly kind: 'grpo';
  readonly pool: PoolName;
  readonly reward: RewardName;
  /** False leaves the divergence to the supervised model out of the loss. */
  readonly hasKl: boolean;
}

const sft = (
  conditions: SftPlan['conditions'],
  share: number,
  pool: PoolName = 'random',
): SftPlan => ({ kind: 'sft', conditions, share, pool });

const grpo = (reward: RewardName, pool: PoolName = 'random', hasKl = true): GrpoPlan => ({
  kind: 'grpo',
  ...{ pool, reward, hasKl },
});

/** Every model by name, those that others need before them. */
export const MODELS = {
  'sft-cor': sft(['cor'], 1),
  'sft-direct': sft(['direct'], 1),
  'sft-cot': sft(['cot'], 1),
  'sft-cor-half': sft(['cor'], 0.5),
  'sft-direct-half': sft(['direct'], 0.5),
  'sft-cor-quarter': sft(['cor'], 0.25),
  'sft-direct-quarter': sft(['direct'], 0.25),
  'sft-both': sft(['cor', 'direct'], 1),
  'sft-cor-quarter-hard': sft(['cor'], 0.25, 'hard'),
  'rl-geo-r': grpo('geo-r'),
  'rl-geo-r-hard': grpo('geo-r', 'hard'),
  'rl-globe': grpo('globe'),
  'rl-geoagent': grpo('geoagent'),
  'rl-geo-r-free': grpo('geo-r', 'random', false),
} as const satisfies Readonly<Record<string, SftPlan | GrpoPlan>>;

/** The name of a model, also of its folder in a run. */
export type ModelName = keyof typeof MODELS;

/** All names, in the order of training. */
export const MODEL_NAMES = Object.keys(MODELS) as readonly ModelName[];

/** The model that reinforcement starts from and whose right answers tell what is hard. */
export const BASE = 'sft-cor' satisfies ModelName;

/** How a model is made. */
export const planOf = (name: ModelName): SftPlan | GrpoPlan => MODELS[name];

/** Whether a model cannot be made before {@link BASE}. */
export const needsBase = (name: ModelName): boolean => {
  const plan = planOf(name);
  return plan.kind === 'grpo' || plan.pool === 'hard';
};
