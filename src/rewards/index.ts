/** One file per reward, the paper's equation on top. Pure. @module */
export {
  type AdvantageEstimator,
  type AdvantageOptions,
  type GroupAdvantages,
  groupAdvantages,
  STD_EPSILON,
} from './advantages.ts';
export { DISTANCE_CAP_KM, geoRDistanceReward } from './distance-reward.ts';
export {
  type DynamicSampling,
  type DynamicSamplingOptions,
  dynamicSampling,
} from './dynamic-sampling.ts';
export { geoRFormatReward } from './format-reward.ts';
export {
  GEO_R_EXTRAS,
  type GeoRExtra,
  type GeoRRewardOptions,
  geoRReward,
  type SyncReward,
} from './geo-r.ts';
export {
  cachedEmbedder,
  cachedJudge,
  DEFAULT_ENCODER,
  type Embedder,
  type EndpointOptions,
  endpointEmbedder,
  endpointJudge,
  isModelFolder,
  type Judge,
  type Question,
  type Reply,
  type TokenLogprob,
  type TransformersEmbedderOptions,
  transformersEmbedder,
} from './models/index.ts';
export type { Outcome } from './outcome.ts';
export { rewardByName, rewardNames } from './registry.ts';
export type {
  RecipeResult,
  Reward,
  RewardBatch,
  RewardResult,
  RewardVariant,
  Scores,
} from './reward.ts';
export {
  foldedComparison,
  type NameComparison,
  type NamedLevel,
  type PlaceResolver,
} from './truth.ts';
