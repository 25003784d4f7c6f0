/** One file per reward, the paper's equation on top. Pure. @module */

export type { Outcome } from '../core/index.ts';
export {
  type AdvantageEstimator,
  type AdvantageOptions,
  type GroupAdvantages,
  groupAdvantages,
  STD_EPSILON,
} from './advantages.ts';
export {
  comparesGroups,
  type RewardConfig,
  rewardConfigHash,
  rewardConfigSchema,
} from './config.ts';
export {
  type DynamicSampling,
  type DynamicSamplingOptions,
  dynamicSampling,
} from './dynamic-sampling.ts';
export { DISTANCE_CAP_KM, geoRDistanceReward } from './geo-r/distance-reward.ts';
export { geoRFormatReward } from './geo-r/format-reward.ts';
export {
  GEO_R_EXTRAS,
  type GeoRExtra,
  type GeoRRewardOptions,
  geoRReward,
  type SyncReward,
} from './geo-r/geo-r.ts';
export type { PenaltyLengths } from './geoagent/consistency.ts';
export {
  GEO_AGENT_WEIGHTS,
  type GeoAgentPart,
  type GeoAgentRewardOptions,
  type GeoAgentWeights,
  geoAgentReward,
} from './geoagent/geoagent.ts';
export { type LengthRange, RELEASED_LENGTHS } from './geoagent/length-penalty.ts';
export { geoAgentSemanticReward } from './geoagent/semantic.ts';
export { geoAgentSpatialReward } from './geoagent/spatial.ts';
export { globeGeoAccuracy } from './globe/geo-accuracy.ts';
export {
  GLOBE_WEIGHTS,
  type GlobePart,
  type GlobeRewardOptions,
  type GlobeWeights,
  globeReward,
} from './globe/globe.ts';
export { parseRewardLog, type RewardLogRow, rewardLogRowSchema, stepKey } from './log.ts';
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
export {
  type RecipeOptions,
  type RecipeReward,
  rewardByName,
  rewardNames,
  WEIGHT_PRESETS,
} from './registry.ts';
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
export type { WeightChoice } from './weighted-sum.ts';
