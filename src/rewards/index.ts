/** One file per reward, the paper's equation on top. Pure. @module */
export {
  type AdvantageOptions,
  type GroupAdvantages,
  groupAdvantages,
  STD_EPSILON,
} from './advantages.ts';
export { DISTANCE_CAP_KM, type GeoRVariant, geoRDistanceReward } from './distance-reward.ts';
export { geoRFormatReward } from './format-reward.ts';
export { type GeoRRewardOptions, geoRReward, type SyncReward } from './geo-r.ts';
export { rewardByName, rewardNames } from './registry.ts';
export type { Reward, RewardBatch, RewardResult, Scores } from './reward.ts';
